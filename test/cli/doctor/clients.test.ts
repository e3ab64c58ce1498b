import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ReportedCheck } from '../../../src/cli/doctor/result.ts'
import { runCli } from '../fake-host.ts'
import { createWorld, hostOf, type World } from './world.ts'

const CODEX = '/home/me/.codex/config.toml'
const CLAUDE = '/home/me/.claude/settings.json'
const OPENCLAW = '/home/me/.openclaw/openclaw.json'
const OPENCODE = '/home/me/.config/opencode/opencode.json'
const API_KEY = 'a-key-of-the-gateway'

const FILES: Readonly<Record<string, readonly [path: string, text: string]>> = {
  codex: [
    CODEX,
    `model = "xai.grok-4.3"
model_provider = "oci"

[model_providers.oci]
name = "OCI"
base_url = "http://127.0.0.1:8050/v1"
env_key = "OCI_GATEWAY_KEY"
wire_api = "responses"
`,
  ],
  'claude-code': [
    CLAUDE,
    '{ "env": { "ANTHROPIC_BASE_URL": "http://127.0.0.1:8050", ' +
    `"ANTHROPIC_AUTH_TOKEN": "${API_KEY}" },\n` +
    '  "model": "xai.grok-4.3" }',
  ],
  openclaw: [
    OPENCLAW,
    `{ // JSON5
  models: { providers: { oci: { baseUrl: 'http://127.0.0.1:8050/v1', api: 'openai-completions',
    apiKey: '${API_KEY}' } } },
  agents: { defaults: { model: { primary: 'oci/xai.grok-4.3' } } },
}`,
  ],
  opencode: [
    OPENCODE,
    `{ "model": "oci/xai.grok-4.3", // default
  "provider": { "oci": { "options":
    { "baseURL": "http://127.0.0.1:8050/v1", "apiKey": "${API_KEY}" } } } }`,
  ],
}

interface Row {
  client: string
  breaks: string
  change(text: string): string | undefined
  env?: Record<string, string>
  check: string
  reason: string
  fix: string
}

const replace = (from: string, to: string) => (text: string) => text.replace(from, to)

const rows: Row[] = [
  {
    ...{ client: 'codex', breaks: 'there is no file', change: () => undefined },
    ...{ check: 'client', reason: 'client_not_configured' },
    fix: 'oci-gateway connect codex --write',
  },
  {
    ...{ client: 'codex', breaks: 'there is no file, at another port', change: () => undefined },
    ...{ env: { PORT: '8051' }, check: 'client', reason: 'client_not_configured' },
    fix: 'oci-gateway connect codex --write --port 8051',
  },
  {
    ...{ client: 'codex', breaks: 'there is no file, at port 80', change: () => undefined },
    ...{ env: { PORT: '80' }, check: 'client', reason: 'client_not_configured' },
    fix: 'oci-gateway connect codex --write --port 80',
  },
  {
    ...{ client: 'codex', breaks: 'the file is not TOML', change: replace('"oci"', '"oci') },
    ...{ check: 'client', reason: 'client_file_invalid' },
    fix: `"\${EDITOR:-vi}" ${CODEX}`,
  },
  {
    ...{ client: 'codex', breaks: '/v1 is missing', change: replace('8050/v1', '8050') },
    ...{ check: 'client-url', reason: 'client_url_without_v1' },
    fix: 'base_url = "http://127.0.0.1:8050/v1"',
  },
  {
    ...{ client: 'codex', breaks: 'another API', change: replace('"responses"', '"chat"') },
    ...{ check: 'client-url', reason: 'client_api', fix: 'wire_api = "responses"' },
  },
  {
    ...{ client: 'codex', breaks: 'the variable of the key is not set', change: (text) => text },
    ...{ env: { OCI_GATEWAY_KEY: '' }, check: 'client-key', reason: 'client_key_missing' },
    fix: 'export OCI_GATEWAY_KEY="${GATEWAY_API_KEYS%%,*}"',
  },
  {
    ...{ client: 'claude-code', breaks: '/v1 is too much', change: replace('8050', '8050/v1') },
    ...{ check: 'client-url', reason: 'client_url_with_v1' },
    fix: '"ANTHROPIC_BASE_URL": "http://127.0.0.1:8050"',
  },
  {
    ...{ client: 'claude-code', breaks: 'no alias for its models' },
    change: replace('"model": "xai.grok-4.3"', '"theme": "dark"'),
    ...{ check: 'client-model', reason: 'client_model_unknown' },
    fix: `export MODEL_MAP='{"claude-*":"meta.llama-4-maverick-17b-128e-instruct-fp8"}'`,
  },
  {
    ...{ client: 'openclaw', breaks: 'another port', change: replace('8050', '8051') },
    ...{ check: 'client-url', reason: 'client_url_of_other_address' },
    fix: '"baseUrl": "http://127.0.0.1:8050/v1"',
  },
  {
    ...{ client: 'openclaw', breaks: 'a wrong key', change: replace(API_KEY, 'none') },
    ...{ check: 'client-key', reason: 'client_key_wrong', fix: '"apiKey": "${GATEWAY_API_KEY}"' },
  },
  {
    ...{ client: 'opencode', breaks: 'an unknown model', change: replace('grok-4.3', 'grok-4.33') },
    ...{ check: 'client-model', reason: 'client_model_unknown' },
    fix: '"model": "oci/xai.grok-4.3"',
  },
]

async function diagnose(world: World, client: string): Promise<readonly ReportedCheck[]> {
  const { stdout } = await runCli(`doctor --json --no-call --client ${client}`, hostOf(world))
  return (JSON.parse(stdout) as { checks: ReportedCheck[] }).checks
}

async function createClientWorld(
  client: string,
  change: (text: string) => string | undefined = (text) => text,
  env: Record<string, string> = {},
): Promise<World> {
  const world = await createWorld()
  Object.assign(world.env, {
    ...{ GATEWAY_API_KEYS: `${API_KEY},another-key-of-it`, OCI_GATEWAY_KEY: API_KEY },
    ...env,
  })
  const [path = '', text = ''] = FILES[client] ?? []
  const changed = change(text)
  if (changed !== undefined) world.files.contents.set(path, changed)
  world.intercept = ({ pathname }) =>
    pathname === '/health'
      ? Response.json({ status: 'ok' }, { headers: { 'x-request-id': 'one' } })
      : undefined
  return world
}

describe('doctor --client', () => {
  for (const client of Object.keys(FILES)) {
    it(`finds nothing wrong with ${client} as its page configures it`, async () => {
      const checks = await diagnose(await createClientWorld(client), client)
      const own = checks.slice(checks.findIndex(({ id }) => id === 'client'))
      assert.deepEqual(own.map(({ status, cause }) => cause ?? status), Array(5).fill('ok'))
    })
  }

  for (const { client, breaks, change, env, check, reason, fix } of rows) {
    it(`names the cause for ${client}: ${breaks}`, async () => {
      const checks = await diagnose(await createClientWorld(client, change, env), client)
      const first = checks.find(({ status }) => status === 'fail')
      const seen = { check: first?.id, reason: first?.reason, fix: first?.fix }
      assert.deepEqual(seen, { check, reason, fix })
      assert.ok(!JSON.stringify(checks).includes(API_KEY))
    })
  }

  it('suggests the nearest client', async () => {
    const { status, stderr } = await runCli('doctor --client codx')
    assert.equal(status, 2)
    assert.match(stderr, /Did you mean codex\?/)
  })
})
