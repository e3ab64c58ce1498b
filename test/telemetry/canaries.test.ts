import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createKeyId, createKeySecret, hashKey } from '../../src/access/create-key.ts'
import { newKeyRecord } from '../../src/access/key-settings.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import { type Canary, leaksOf, linesOf } from '../faults/canaries.ts'
import { type FiledGateway, openFiledGateway } from '../reload/gateway.ts'

const COLLECTOR = 'http://collector.example:4318'
const STORED_KEY = createKeySecret()

/** Secrets of the operator and of clients, by what they are. */
const SECRETS = {
  'the key of a client': 'canary-of-a-key',
  'a stored key': STORED_KEY,
  'a wrong key': 'canary-of-a-guess',
  'the administration key': 'canary-of-an-administrator',
  'the metrics key': 'canary-of-metrics',
  'a header of the collector': 'canary-of-a-collector',
  'the data key': 'canary-of-apm',
  'the password of the counters': 'canary-of-a-database',
  'a cookie': 'canary-of-a-cookie',
  'a header': 'canary-of-a-header',
  'a query': 'canary-of-a-query',
} as const
const CONTENT = {
  'the prompt': 'canary-of-a-prompt',
  'the system prompt': 'canary-of-a-system',
  'the answer': 'canary-of-an-answer',
  'a tool': 'canary-of-a-tool',
  'the description of a tool': 'canary-of-a-description',
  'an image': 'canary-of-an-image',
} as const

const CONFIG = {
  access: {
    apiKeys: ['file:/run/keys'],
    adminKey: SECRETS['the administration key'],
    metricsKey: 'file:/run/metrics',
  },
  counters: `redis://me:${SECRETS['the password of the counters']}@redis.example`,
  telemetry: {
    ...{ otlpEndpoint: COLLECTOR, otlpHeaders: { 'x-key': 'file:/run/collector' } },
    apmEndpoint: 'https://aaaa.apm-agt.us-chicago-1.oci.oraclecloud.com',
    apmDataKey: SECRETS['the data key'],
  },
  logLevel: 'debug',
}
const FILES = {
  '/run/keys': SECRETS['the key of a client'],
  '/run/metrics': SECRETS['the metrics key'],
  '/run/collector': SECRETS['a header of the collector'],
}

const MODEL = 'xai.grok-4.3'
const MESSAGES = [
  { role: 'system', content: CONTENT['the system prompt'] },
  { role: 'user', content: `Say "${CONTENT['the answer']}". ${CONTENT['the prompt']}` },
]
const TOOL = {
  name: CONTENT['a tool'],
  description: CONTENT['the description of a tool'],
  parameters: { type: 'object', properties: {} },
}
const IMAGE = { url: `data:image/png;base64,${btoa(CONTENT['an image'])}` }
const chat = (more: object) => ({ model: MODEL, messages: MESSAGES, ...more })

/** Requests that succeed, that OCI rejects and that the gateway rejects. */
const REQUESTS: readonly [path: string, body: object][] = [
  ['/v1/chat/completions', chat({})],
  ['/v1/chat/completions', chat({ stream: true })],
  ['/v1/chat/completions', chat({ tools: [{ type: 'function', function: TOOL }] })],
  [
    '/v1/chat/completions',
    chat({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: IMAGE }] }] }),
  ],
  ['/v1/chat/completions', chat({ user: 'fail' })],
  ['/v1/chat/completions', chat({ model: 'none' })],
  ['/v1/chat/completions', chat({ messages: CONTENT['the prompt'] })],
  ['/v1/messages', chat({ messages: MESSAGES.slice(1), max_tokens: 10 })],
  ['/v1/responses', { model: MODEL, input: CONTENT['the prompt'], stream: true }],
  ['/v1/embeddings', { model: 'cohere.embed-v4.0', input: CONTENT['the prompt'] }],
]

/** What the console and the administration show. */
const VIEWS = [
  ...['status', 'requests', 'keys', 'keys/alice', 'teams', 'usage?by=key,model', 'audit'],
]

describe('secrets and prompts', () => {
  it('are in no metric, trace, ledger row, view of the console and line of the log', async () => {
    const exported: string[] = []
    const store = createMemoryStore()
    const filed = await openFiledGateway({
      ...{ config: CONFIG, files: FILES, store },
      upstream(url, init) {
        const text = new TextDecoder().decode(init.body as Uint8Array | undefined)
        if (/collector|apm-agt/.test(url)) {
          exported.push(text)
          return Promise.resolve(new Response(null, { status: url.includes('traces') ? 200 : 503 }))
        }
        if (!text.includes('"fail"')) return undefined
        const message = `${CONTENT['the answer']} ${text}`
        return Promise.resolve(Response.json({ code: 'X', message }, { status: 500 }))
      },
    })
    const time = Date.now()
    const settings = { id: createKeyId(), hash: await hashKey(STORED_KEY), now: time }
    const alice = newKeyRecord({ name: 'alice', team: 'research' }, settings)
    await store.createKey(alice, { actor: 'test', action: 'create', target: '', detail: '', time })
    await sendAll(filed)
    await filed.reload({ ...CONFIG, port: 'canary-of-an-administrator' })
    await filed.reload({ ...CONFIG, access: { ...CONFIG.access, apiKeys: ['canary-of-a-key'] } })
    await filed.gateway.stored?.metering.flush()
    await filed.gateway.telemetry.close()

    const rows = await Array.fromAsync(store.rows({ since: 0, until: Date.now() + 60_000 }))
    const metrics = await filed.send('/metrics', { key: SECRETS['the metrics key'] })
    const outputs = {
      metrics: await metrics.text(),
      exports: exported.join('\n'),
      rows: JSON.stringify(rows),
      views: await readViews(filed),
      log: filed.lines.map((line) => JSON.stringify(line)).join('\n'),
    }
    assert.ok(rows.length >= REQUESTS.length, `${rows.length} rows`)
    assert.match(outputs.metrics, /gateway_requests_total/)
    assert.match(outputs.exports, /resourceSpans[^]*resourceMetrics/)
    assert.match(outputs.views, /"alice"[^]*xai\.grok-4\.3/)
    assert.match(outputs.log, /config_not_reloaded[^]*config_reloaded/)
    for (const [output, text] of Object.entries(outputs)) {
      assert.deepEqual(leaksOf(canaries(filed), text, 'log'), [], `${output}: ${text}`)
    }
  })
})

async function sendAll({ gateway: { app } }: FiledGateway): Promise<void> {
  for (const key of ['canary-of-a-key', STORED_KEY, 'canary-of-a-guess']) {
    for (const [path, body] of REQUESTS) {
      const response = await app.request(`http://127.0.0.1${path}?key=canary-of-a-query`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          ...{ 'content-type': 'application/json', authorization: `Bearer ${key}` },
          ...{ cookie: 'a=canary-of-a-cookie', 'x-other': 'canary-of-a-header' },
        },
      })
      await response.text()
    }
  }
}

async function readViews({ send }: FiledGateway): Promise<string> {
  const key = SECRETS['the administration key']
  const texts = VIEWS.map(async (view) => {
    const response = await send(`/admin/v1/${view}`, { key })
    assert.equal(response.status, 200, view)
    return await response.text()
  })
  const page = await send('/', {})
  return [...await Promise.all(texts), await page.text()].join('\n')
}

/** The twelve secrets, of which the private key has many lines, and the content of requests. */
function canaries({ env }: FiledGateway): Canary[] {
  const lines = linesOf(env['OCI_CLI_KEY_CONTENT'] ?? '')
  assert.ok(lines.length > 10)
  return [
    ...Object.entries({ ...SECRETS, ...CONTENT }).map(([name, value]) => ({ name, value })),
    ...lines.map((value) => ({ name: 'the private key', value })),
  ]
}
