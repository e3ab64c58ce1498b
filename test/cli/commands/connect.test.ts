import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectionOf } from '../../../src/cli/connect/connection.ts'
import { CLIENTS } from '../../../src/clients/table.ts'
import { createFakeHost, FakeFiles, type FakeHost, runCli } from '../fake-host.ts'

const CODEX = '/home/me/.codex/config.toml'
const SEED = '# mine\r\nmodel = "gpt"\r\n\r\n[tui]\r\nx = 1'
const WRITE = 'connect codex --write --no-wait --json'

/** Runs a command line with files that stay from one to the next. */
async function run(line: string, files: FakeFiles, parts: Partial<FakeHost> = {}) {
  const { status, stdout, stderr } = await runCli(line, createFakeHost({ files, ...parts }))
  return {
    status,
    stdout,
    stderr,
    json: line.includes('--json') && stdout ? JSON.parse(stdout) : {},
  }
}

/** A gateway that lists models and answers 401 to other keys than `key`. */
function gateway(models: readonly object[], key = 'none'): FakeHost['fetch'] {
  return (url, { headers }) => {
    assert.match(url, /^http:\/\/127\.0\.0\.1:8050\//)
    const isAllowed = new Headers(headers).get('authorization') === `Bearer ${key}`
    return Promise.resolve(
      isAllowed ? Response.json({ data: models }) : Response.json({}, { status: 401 }),
    )
  }
}

describe('oci-gateway connect', () => {
  it('lists the clients', async () => {
    const { stdout } = await runCli('connect')
    assert.match(stdout, /^openclaw +OpenClaw\ncodex +Codex\n/)
    const { stdout: json } = await runCli('connect --json')
    assert.deepEqual(
      JSON.parse(json).map(({ name }: { name: string }) => name),
      CLIENTS.map(({ name }) => name),
    )
  })

  for (const { name, files: clientFiles } of CLIENTS) {
    it(`${name}: writes, changes nothing the second time, and is undone`, async () => {
      const files = new FakeFiles()
      const shown = await run(`connect ${name}`, files)
      assert.equal(shown.status, 0)
      assert.match(shown.stdout, /http:\/\/127\.0\.0\.1:8050/)
      assert.equal(files.contents.size, 0)
      const first = await run(`connect ${name} --write --no-wait --json`, files)
      const changed = clientFiles.length > 0
      assert.deepEqual([first.status, first.json.changed, first.json.backup], [0, changed, null])
      const before = new Map(files.contents)
      const second = await run(`connect ${name} --write --no-wait --json`, files)
      assert.deepEqual([second.status, second.json.changed], [0, false])
      assert.deepEqual(files.contents, before)
      const undone = await run(`connect ${name} --undo`, files)
      assert.equal(undone.status, changed ? 0 : 1)
      assert.deepEqual([...files.contents.keys()], [])
    })
  }

  it('keeps a backup and restores the exact bytes', async () => {
    const files = new FakeFiles({ [CODEX]: SEED })
    const { json, stderr } = await run(
      `${WRITE} --port 8051 --key sk-1 --model xai.grok-4.7`,
      files,
    )
    assert.equal(stderr, '')
    const backup = `${CODEX}.oci-gateway-backup`
    assert.deepEqual(json, {
      ...{ client: 'codex', file: CODEX, backup, changed: true },
      files: [{ file: CODEX, backup, changed: true, created: false }],
      ...{ url: 'http://127.0.0.1:8051', model: 'xai.grok-4.7', env: {} },
    })
    assert.equal(files.contents.get(backup), SEED)
    const written = files.contents.get(CODEX) ?? ''
    assert.ok(written.startsWith('# mine\r\nmodel = "xai.grok-4.7"\r\nmodel_provider = "oci"\r\n'))
    assert.match(written, /base_url = "http:\/\/127\.0\.0\.1:8051\/v1"\r\n/)
    assert.match(written, /experimental_bearer_token = "sk-1"\r\n/)
    assert.match(written, /model_context_window = 500000\r\n/)
    const undone = await run('connect codex --undo --json', files)
    assert.deepEqual(undone.json.file, CODEX)
    assert.deepEqual([...files.contents], [[CODEX, SEED]])
  })

  it('undoes successive changes together, and changes around an edit one by one', async () => {
    const files = new FakeFiles({ [CODEX]: SEED })
    await run(`${WRITE} --port 1`, files)
    await run(`${WRITE} --port 2`, files)
    await run('connect codex --undo', files)
    assert.deepEqual([...files.contents], [[CODEX, SEED]])

    await run(`${WRITE} --port 1`, files)
    const edited = `${files.contents.get(CODEX)}\n# edited\n`
    files.contents.set(CODEX, edited)
    const { json } = await run(`${WRITE} --port 2`, files)
    assert.equal(json.backup, `${CODEX}.oci-gateway-backup-2`)
    assert.match((await run('connect codex --undo', files)).stdout, /run --undo again/)
    assert.equal(files.contents.get(CODEX), edited)
    await run('connect codex --undo --force', files)
    assert.equal(files.contents.get(CODEX), SEED)
  })

  it('keeps the first bytes when several processes write at the same time', async () => {
    const files = new FakeFiles({ [CODEX]: SEED })
    const ports = ['8051', '8052', '8053', '8054']
    const written = await Promise.all(ports.map((port) => run(`${WRITE} --port ${port}`, files)))
    const backup = `${CODEX}.oci-gateway-backup`
    assert.deepEqual(
      written.map(({ status, json }) => [status, json.backup]),
      ports.map(() => [0, backup]),
    )
    const undone = await Promise.all(ports.map(() => run('connect codex --undo', files)))
    assert.equal(undone.filter(({ status }) => status === 0).length, 1)
    assert.deepEqual([...files.contents], [[CODEX, SEED]])
  })

  it('names the file when the system does not allow a change', async () => {
    const cases: [failing: string, line: string, code: string, reason: RegExp][] = [
      [CODEX, WRITE, 'EACCES', /this user has no permission for it or its folder$/],
      [`${CODEX}.oci-gateway-undo`, WRITE, 'EROFS', /its file system is read-only$/],
      [`${CODEX}.oci-gateway-backup`, WRITE, 'ENOSPC', /there is no space left$/],
      [CODEX, 'connect codex --undo', 'EPERM', /this user has no permission/],
    ]
    for (const [failing, line, code, reason] of cases) {
      const files = new FakeFiles({ [CODEX]: SEED })
      if (line !== WRITE) await run(WRITE, files)
      files.failures.set(failing, code)
      const { status, stdout, stderr } = await run(line, files)
      assert.deepEqual([status, stdout], [1, ''], line)
      assert.match(stderr.trimEnd(), /^Cannot change \/home\/me\/\.codex\/config\.toml: /)
      assert.match(stderr.trimEnd(), reason)
    }
  })

  it('does not undo over a later edit, unless forced, and then keeps the edit', async () => {
    const files = new FakeFiles({ [CODEX]: SEED })
    await run(WRITE, files)
    files.contents.set(CODEX, 'edited = true\n')
    const refused = await run('connect codex --undo', files)
    assert.equal(refused.status, 1)
    assert.match(
      refused.stderr,
      /^Cannot change \/home\/me\/\.codex\/config\.toml: it was changed after/,
    )
    assert.equal(files.contents.get(CODEX), 'edited = true\n')
    const forced = await run('connect codex --undo --force', files)
    assert.equal(forced.status, 0)
    assert.deepEqual(Object.fromEntries(files.contents), {
      [CODEX]: SEED,
      [`${CODEX}.oci-gateway-discarded`]: 'edited = true\n',
    })
  })

  it('shows the changes as a diff', async () => {
    const files = new FakeFiles({ [CODEX]: SEED })
    const { stdout } = await run('connect codex --write --no-wait', files)
    assert.ok(stdout.startsWith(`--- ${CODEX}\n+++ ${CODEX}\n@@ `), stdout)
    assert.match(stdout, /^-model = "gpt"\n\+model = "xai\.grok-4\.3"$/m)
    assert.match(stdout, /^Backup {2}\/home\/me\/\.codex\/config\.toml\.oci-gateway-backup$/m)
  })

  it('writes nothing if one of several files is refused', async () => {
    const settings = '/home/me/.pi/agent/settings.json'
    const files = new FakeFiles({ [settings]: '{' })
    const { status, stderr } = await run('connect pi --write --no-wait', files)
    assert.equal(status, 1)
    assert.match(
      stderr,
      /^Cannot change \/home\/me\/\.pi\/agent\/settings\.json: it is not valid: /,
    )
    assert.deepEqual([...files.contents], [[settings, '{']])
  })

  const states = [
    ['a dangling link', { type: 'dangling link' }, /symbolic link to a missing file/],
    ['a folder', { type: 'other' }, /is not a file/],
    [
      'a file of another user',
      { type: 'file', path: CODEX, isReadOnly: false, isOfOtherUser: true },
      /belongs to another user/,
    ],
    [
      'a read-only file',
      { type: 'file', path: CODEX, isReadOnly: true, isOfOtherUser: false },
      /is read-only/,
    ],
  ] as const
  for (const [name, state, reason] of states) {
    it(`refuses ${name}`, async () => {
      const files = new FakeFiles()
      files.states.set(CODEX, state)
      const { status, stdout, stderr } = await run(WRITE, files)
      assert.deepEqual([status, stdout], [1, ''])
      assert.ok(stderr.startsWith(`Cannot change ${CODEX}: `), stderr)
      assert.match(stderr, reason)
    })
  }

  it('writes to the target of a symbolic link', async () => {
    const target = '/dotfiles/codex.toml'
    const files = new FakeFiles({ [target]: SEED })
    files.states.set(CODEX, { type: 'file', path: target, isReadOnly: false, isOfOtherUser: false })
    const { json } = await run(WRITE, files)
    assert.equal(json.file, target)
    assert.equal(files.contents.has(CODEX), false)
  })

  it('refuses other bytes than UTF-8', async () => {
    const files = new FakeFiles({ [CODEX]: '' })
    files.readBytes = () => Promise.resolve(Uint8Array.of(0x61, 0xff))
    const { status, stderr } = await run(WRITE, files)
    assert.equal(status, 1)
    assert.match(stderr, /config\.toml: it is not a text in UTF-8/)
  })

  const places: [name: string, line: string, env: Record<string, string>, file: string][] = [
    ['--home', 'codex --home /x', { CODEX_HOME: '/y' }, '/x/.codex/config.toml'],
    ['a relative --home', 'codex --home x', {}, '/work/x/.codex/config.toml'],
    ['CODEX_HOME', 'codex', { CODEX_HOME: '/y' }, '/y/config.toml'],
    ['XDG_CONFIG_HOME', 'opencode', { XDG_CONFIG_HOME: '/y' }, '/y/opencode/opencode.json'],
    ['the current folder', 'librechat', {}, '/work/librechat.yaml'],
  ]
  for (const [name, line, env, file] of places) {
    it(`finds the file by ${name}`, async () => {
      const { json } = await run(`connect ${line} --write --no-wait --json`, new FakeFiles(), {
        env,
      })
      assert.equal(json.file, file)
    })
  }

  it('uses another name of the file if that exists', async () => {
    const file = '/home/me/.config/opencode/opencode.jsonc'
    const files = new FakeFiles({ [file]: '// mine\n{}\n' })
    const { json } = await run('connect opencode --write --no-wait --json', files)
    assert.equal(json.file, file)
  })

  it('uses the models, limits and capabilities that the gateway lists', async () => {
    const models = [
      { id: 'acme.embed', capabilities: { chat: false, embeddings: true } },
      { id: 'acme.small', capabilities: { chat: true, tools: false } },
      {
        id: 'acme.large',
        context_window: 7_000,
        max_output_tokens: 900,
        capabilities: { chat: true, tools: true, vision: true, reasoning: false },
      },
    ]
    const files = new FakeFiles()
    await run('connect openclaw --write --no-wait', files, { fetch: gateway(models) })
    const config = JSON.parse(files.contents.get('/home/me/.openclaw/openclaw.json') ?? '')
    assert.equal(config.agents.defaults.model.primary, 'oci/acme.large')
    const [{ id, contextWindow, maxTokens, input, reasoning }] = config.models.providers.oci.models
    assert.deepEqual({ id, contextWindow, maxTokens, input, reasoning }, {
      ...{ id: 'acme.large', contextWindow: 7_000, maxTokens: 900 },
      ...{ input: ['text', 'image'], reasoning: false },
    })
    assert.equal(config.memory.search.model, 'acme.embed')
    const unknown = await run(`${WRITE} --model acme.lrge`, files, { fetch: gateway(models) })
    assert.match(
      unknown.stderr,
      /does not list the model "acme\.lrge"\. Did you mean acme\.large\?/,
    )
  })

  it('takes the key from GATEWAY_API_KEYS and the port from PORT', async () => {
    const files = new FakeFiles()
    const env = { GATEWAY_API_KEYS: ' sk-a, sk-b', PORT: '9000' }
    await run('connect claude-code --write --no-wait', files, { env })
    const settings = JSON.parse(files.contents.get('/home/me/.claude/settings.json') ?? '')
    assert.equal(settings.env.ANTHROPIC_AUTH_TOKEN, 'sk-a')
    assert.equal(settings.env.ANTHROPIC_BASE_URL, 'http://127.0.0.1:9000')
  })

  it('warns about a key that the gateway does not accept', async () => {
    const { status, stderr } = await run(WRITE, new FakeFiles(), { fetch: gateway([], 'sk-1') })
    assert.equal(status, 0)
    assert.match(stderr, /does not accept the key\. Set one of its keys with --key/)
  })

  it('removes /v1 from an address', async () => {
    const { json } = await run(`${WRITE} --url https://gate.example/oci/v1/`, new FakeFiles())
    assert.equal(json.url, 'https://gate.example/oci')
  })

  const KEY_LITERALS: Readonly<Record<string, string>> = {
    sh: `'authorization: Bearer k'\\''e"y\\z'`,
    js: `k\\'e"y\\\\z'`,
    python: `api_key="k'e\\"y\\\\z"`,
  }
  for (const { name, code } of CLIENTS) {
    const sample = code?.text(connectionOf({ url: 'http://x', key: 'KEY' }))
    if (code === undefined || !sample?.includes('KEY')) continue
    it(`${name}: escapes the key in the code`, async () => {
      const { stdout } = await run(`connect ${name} --key k'e"y\\z`, new FakeFiles())
      assert.ok(stdout.includes(KEY_LITERALS[code.language] ?? 'no literal'), stdout)
    })
  }

  const misused: [line: string, message: RegExp, env?: Record<string, string>][] = [
    ['connect codx', /^Unknown client "codx"\. Did you mean codex\?/],
    ['connect --write', /^CLIENT is missing/],
    ['connect codex --write --undo', /^Use either --write or --undo/],
    ['connect codex --force', /^--force is only for --undo/],
    ['connect codex --port 0', /^--port must be a port/],
    ['connect codex', /^PORT must be a port/, { PORT: '70000' }],
    ['connect codex --url gateway', /^--url must be an address/],
    ['connect codex --url ftp://x', /^--url must be an address/],
    ['connect codex --url http://x/v1/responses', /^--url must be the base URL of the gateway/],
    ['connect codex --key schlüssel', /^The API key must have no/],
  ]
  for (const [line, message, env = {}] of misused) {
    it(`refuses ${line}${env['PORT'] ? ' with PORT' : ''}`, async () => {
      const { status, stderr } = await run(line, new FakeFiles(), { env })
      assert.equal(status, 2)
      assert.match(stderr, message)
    })
  }

  it('has nothing to undo without a change', async () => {
    for (const client of ['codex', 'curl']) {
      const { status, stderr } = await run(`connect ${client} --undo`, new FakeFiles())
      assert.equal(status, 1)
      assert.match(stderr, /^Nothing to undo/)
    }
  })
})
