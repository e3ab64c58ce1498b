import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { COMMANDS } from '../../../src/cli/commands.ts'
import { createFakeHost, FakeFiles, type FakeHost, runCli } from '../fake-host.ts'

/** The candidates of a command line; its last word is the one to complete. */
async function complete(line: string, host: FakeHost = createFakeHost()): Promise<string[]> {
  const { status, stdout, stderr } = await runCli(['__complete', '--', ...line.split(' ')], host)
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
  return stdout.split('\n').slice(0, -1).map((row) => row.split('\t')[0] ?? '')
}

const PROFILES = '[DEFAULT]\nregion=iad\n[FRANKFURT]\nregion=fra\n'

describe('completion', () => {
  const cases: [line: string, expected: string[]][] = [
    ['', COMMANDS.map(({ name }) => name)],
    ['conf', ['config']],
    ['help conf', ['config']],
    ['nothing ', []],
    ['config ', ['validate', 'print', 'schema']],
    ['config nothing ', []],
    ['config validate --', ['--config', '--json', '--help']],
    ['config validate --json --', ['--config', '--help']],
    ['config validate --config', ['--config']],
    ['config validate --config ', [':file']],
    ['config validate --config=', [':file']],
    ['config validate ', []],
    ['serve --po', ['--port']],
    ['serve -p ', []],
    ['serve -p 1 --ho', ['--host']],
    ['--po', ['--port']],
    ['--host ::1 --po', ['--port']],
    ['--ver', ['--version']],
    ['serve --auth inst', ['instance_principal', 'instance_obo_user']],
    ['serve --auth=inst', ['--auth=instance_principal', '--auth=instance_obo_user']],
    ['serve --nothing=', []],
    ['serve --region us-sanj', ['us-sanjose-1']],
    ['serve -- --po', []],
    ['completion ', ['bash', 'zsh', 'fish', 'powershell']],
    ['completion bash ', []],
    ['completion p', ['powershell']],
  ]
  for (const [line, expected] of cases) {
    it(`completes "${line}"`, async () => assert.deepEqual(await complete(line), expected))
  }

  it('completes a new word after --next', async () => {
    const { stdout } = await runCli(['__complete', '--next', '--', 'config'])
    assert.match(stdout, /^validate\tCheck the configuration file/)
  })

  it('completes the profiles of the OCI configuration file', async () => {
    const host = () =>
      createFakeHost({ files: new FakeFiles({ '/home/me/.oci/config': PROFILES }) })
    assert.deepEqual(await complete('serve --profile ', host()), ['DEFAULT', 'FRANKFURT'])
    assert.deepEqual(await complete('serve --profile F', host()), ['FRANKFURT'])
    assert.deepEqual(await complete('serve --profile '), [])
    const broken = createFakeHost({ files: new FakeFiles({ '/home/me/.oci/config': 'x' }) })
    assert.deepEqual(await complete('serve --profile ', broken), [])
  })

  it('completes models: aliases of the configuration and the built-in list', async () => {
    const { valuesOf } = await import('../../../src/cli/completion/values.ts')
    const host = createFakeHost({
      files: new FakeFiles({ 'gateway.config.jsonc': '{"aliases": {"mine": "a.b", "c*": "a.b"}}' }),
      env: { MODEL_MAP: '{"other": "a.b"}' },
    })
    const names = await valuesOf('model', host)
    for (const name of ['mine', 'other', 'gpt-4o-mini', 'xai.grok-4.3']) {
      assert.ok(names.includes(name), name)
    }
    assert.equal(names.includes('c*'), false)
    assert.equal(host.stderr.text, '')
    assert.ok((await valuesOf('client', host)).includes('codex'))
  })

  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    it(`prints a script for ${shell}`, async () => {
      const { status, stdout } = await runCli(`completion ${shell}`)
      assert.equal(status, 0)
      assert.match(stdout, /__complete/)
    })
  }

  it('suggests the nearest shell', async () => {
    const { status, stderr } = await runCli('completion bsh')
    assert.equal(status, 2)
    assert.match(stderr, /^Unknown SHELL "bsh"\. Did you mean bash\?/)
  })

  it('is not in the help', async () => {
    assert.doesNotMatch((await runCli('--help')).stdout, /__complete/)
  })
})
