import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { connectionOf } from '../../src/cli/connect/connection.ts'
import { CURL } from '../../src/clients/curl.ts'
import { NODE } from '../../src/clients/node.ts'
import { type FakeOci, startOci } from './oci.ts'
import { startGateway, type Target } from './start.ts'

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const SEED = '# mine\r\n[tui]\r\nnotifications = false'

let oci: FakeOci
let gateway: Target
let home = ''

before(async () => {
  oci = await startOci()
  gateway = await startGateway('node', oci)
  home = await mkdtemp(join(tmpdir(), 'connect-'))
  await mkdir(join(home, '.codex'))
  await writeFile(join(home, '.codex/config.toml'), SEED)
})
after(async () => {
  await gateway?.stop()
  oci?.stop()
  await rm(home, { recursive: true, force: true })
})

describe('oci-gateway connect, with a gateway', () => {
  it('waits for the first request of Codex, and restores its file', async () => {
    const command = start(['connect', 'codex', '--write'])
    await printed(command, 'Waiting for the first request')
    await ask('curl/8')
    await ask('codex_exec/0.169.0')
    assert.equal(await command.ended, 0, command.output())
    assert.match(command.output(), /✓ Codex works\.\n$/)
    const undo = start(['connect', 'codex', '--undo'])
    assert.equal(await undo.ended, 0, undo.output())
    assert.equal(await readFile(join(home, '.codex/config.toml'), 'utf8'), SEED)
    assert.deepEqual(await readdir(join(home, '.codex')), ['config.toml'])
  })

  it('ends waiting with SIGINT and status 0', async () => {
    const command = start(['connect', 'codex', '--write'])
    await printed(command, 'Waiting for the first request')
    command.child.kill('SIGINT')
    assert.equal(await command.ended, 0, command.output())
    assert.match(command.output(), /Stopped waiting\. Codex is configured\.\n$/)
  })

  it('prints a curl command and code for Node that work', async () => {
    const connection = connectionOf({ url: gateway.url, key: gateway.key })
    const commands = [
      ['sh', '-c', CURL.code?.text(connection) ?? ''],
      ['node', '--input-type=module', '-e', NODE.code?.text(connection) ?? ''],
    ]
    for (const [program = '', ...args] of commands) {
      const run = watch(spawn(program, args))
      assert.equal(await run.ended, 0, run.output())
      assert.match(run.output(), /You said: Hello there/)
    }
  })
})

interface Running {
  child: ChildProcess
  ended: Promise<number | null>
  output(): string
}

function start(words: readonly string[]): Running {
  const flags = ['--home', home, '--url', gateway.url, '--key', gateway.key]
  const { PATH, NODE_COMPILE_CACHE } = process.env
  return watch(spawn('node', [CLI, ...words, ...flags], { env: { PATH, NODE_COMPILE_CACHE } }))
}

function watch(child: ChildProcess): Running {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Uint8Array) => output += String(bytes))
  }
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  return { child, ended, output: () => output }
}

/** Resolves when a program has printed a text. Its end is an error, so that no test hangs. */
async function printed({ child, ended, output }: Running, text: string): Promise<void> {
  while (!output().includes(text)) {
    const isOver = await Promise.race([
      ended.then(() => true),
      ...[child.stdout, child.stderr].map((stream) => stream && once(stream, 'data')),
    ])
    if (isOver === true) assert.fail(`ended without "${text}": ${output()}`)
  }
}

async function ask(userAgent: string): Promise<void> {
  const response = await fetch(`${gateway.url}/v1/responses`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'authorization': `Bearer ${gateway.key}`,
      'user-agent': userAgent,
    },
    body: JSON.stringify({ model: 'xai.grok-4.3', input: 'Hello' }),
  })
  assert.equal(response.status, 200, await response.text())
}
