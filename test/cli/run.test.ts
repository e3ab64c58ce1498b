import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import type { CommandEntry } from '../../src/cli/command.ts'
import { COMMANDS } from '../../src/cli/commands.ts'
import { VERSION } from '../../src/version.ts'
import { createFakeHost, FakeInput, runCli } from './fake-host.ts'
import { createSimulatedHost } from './simulated-host.ts'

/** All commands with their words: `config validate`. */
async function allCommands(
  commands: readonly CommandEntry[],
  words: readonly string[] = [],
): Promise<string[]> {
  const found = await Promise.all(commands.map(async ({ name, load }) => {
    const command = await load()
    const here = [...words, name]
    return command.type === 'group' ? await allCommands(command.commands, here) : [here.join(' ')]
  }))
  return found.flat()
}

const lines = await allCommands(COMMANDS)

describe('runCommandLine()', () => {
  for (const line of lines) {
    it(`${line} --help has a usage, an example and exit statuses`, async () => {
      const { status, stdout, stderr } = await runCli(`${line} --help`)
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
      assert.ok(stdout.includes(`Usage: oci-gateway ${line}`), stdout)
      assert.ok(stdout.includes(`Examples:\n  oci-gateway ${line}`), stdout)
      assert.ok(stdout.includes('Exit statuses:\n  0 '), stdout)
    })

    it(`${line} refuses an unknown flag`, async () => {
      const { status, stdout, stderr } = await runCli(`${line} --hlep`)
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' })
      assert.equal(
        stderr,
        `Unknown flag "--hlep". Did you mean --help?\nSee oci-gateway ${line} --help\n`,
      )
    })
  }

  for (const group of ['keys', 'prices', 'config']) {
    it(`${group} --help has its commands and examples`, async () => {
      const { status, stdout } = await runCli(`${group} --help`)
      assert.equal(status, 0)
      assert.match(stdout, new RegExp(`Commands:\n[^]*\nExamples:\n  oci-gateway ${group} \\w+`))
    })
  }

  it('lists all commands', async () => {
    const { stdout } = await runCli('--help')
    for (const { name, summary } of COMMANDS) {
      assert.match(stdout, new RegExp(`^  ${name} +${summary}$`, 'm'))
    }
    assert.equal((await runCli('help')).stdout, stdout)
    assert.equal((await runCli('help serve')).stdout, (await runCli('serve --help')).stdout)
  })

  it('reports output that cannot be written, but not a reader that is gone', async () => {
    const cases: [failure: Error | undefined, status: number, stderr: string][] = [
      [new Error('Cannot write the output: disk full'), 1, 'Cannot write the output: disk full\n'],
      [undefined, 0, ''],
    ]
    for (const [failure, status, stderr] of cases) {
      const host = createFakeHost()
      host.stdout.close(failure)
      assert.deepEqual(await runCli('version', host), { status, stdout: '', stderr })
    }
  })

  it('suggests the nearest command', async () => {
    const { status, stderr } = await runCli('serv')
    assert.equal(status, 2)
    assert.match(stderr, /^Unknown command "serv". Did you mean serve\?\n/)
  })

  it('runs serve without a command, and then needs a credential', async () => {
    for (const line of ['', '--port 8051', 'serve']) {
      const { status, stderr } = await runCli(line)
      assert.equal(status, 78, stderr)
      for (
        const part of [
          '.oci/config',
          'OCI_CLI_USER',
          'oci-genai-gateway demo',
          'oci-genai-gateway init',
        ]
      ) {
        assert.ok(stderr.includes(part), stderr)
      }
    }
  })

  it('prints the version of package.json', async () => {
    const file = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
    assert.equal(VERSION, (JSON.parse(file) as { version: string }).version)
    for (const line of ['version', '--version', '-V', '-v', 'models --version', '-p 1 --version']) {
      const { stdout } = await runCli(line)
      assert.equal(stdout, `oci-genai-gateway ${VERSION} (node 24.0.0)\n`, line)
    }
  })

  it('refuses values that a flag cannot have, with its name', async () => {
    const cases: [line: string, message: string][] = [
      ['serve --port abc', '--port must be a port from 0 to 65535'],
      ['-p 65536', '-p must be a port from 0 to 65535'],
      ['demo --port=-1', '--port must be a port from 0 to 65535'],
      ['models --compartment-id dev', '--compartment-id must be an OCID such as'],
      ['chat m Hello --max-tokens 0', '--max-tokens must be a whole number from 1'],
      ['connect codex --url http://a --port 1', 'Use either --url or --port'],
      ['connect codex --url http://me:secret@a', '--url must not have a user name or password'],
    ]
    for (const [line, message] of cases) {
      const { status, stdout, stderr } = await runCli(line)
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' }, line)
      assert.ok(stderr.startsWith(message), stderr)
    }
    assert.match((await runCli(['chat', '', 'Hello'])).stderr, /^MODEL is empty\n/)
  })

  it('ends when it is interrupted while it starts', async () => {
    for (const line of ['serve --port 0', 'chat xai.grok-4.3', 'models']) {
      const interruption = new AbortController()
      const { signal } = interruption
      const stdin = new FakeInput({ typed: [] })
      const host = createSimulatedHost({ stdin, signal })
      // The file is read when the gateway is opened.
      host.files.read = () => {
        interruption.abort(new Error('Interrupted by SIGINT'))
        return Promise.resolve(undefined)
      }
      assert.equal((await runCli(line, host)).status, 130, line)
      assert.deepEqual(stdin.prompts, [])
    }
  })
})
