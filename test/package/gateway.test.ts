import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { createGateway, type GatewayOptions, type LogRecord } from '../../src/package/gateway.ts'
import { createSimulator, type Simulator } from '../../src/package/simulator.ts'

const CHAT = {
  model: 'xai.grok-4.3',
  messages: [{ role: 'user', content: 'Hello' }],
}

/** Sends a JSON body to a path. */
type Send = (path: string, body: object) => Response | Promise<Response>

describe('createGateway()', () => {
  let simulator: Simulator
  before(async () => {
    simulator = await createSimulator()
  })

  const open = (options: GatewayOptions = {}) =>
    createGateway({ env: simulator.env, fetch: simulator.fetch, ...options })

  const places: [name: string, prefix: string, place: (gateway: Hono) => Hono][] = [
    ['alone', '', (gateway) => gateway],
    ['in route() at the root', '', (gateway) => new Hono().route('/', gateway)],
    ['in route()', '/ai', (gateway) => new Hono().route('/ai', gateway)],
    [
      'in route() below another one',
      '/api/ai',
      (gateway) => new Hono().route('/api', new Hono().route('/ai', gateway)),
    ],
    [
      'in route() with a parameter',
      '/t/a-1/ai',
      (gateway) => new Hono().route('/t/:id/ai', gateway),
    ],
    [
      'below a base path',
      '/api/ai',
      (gateway) => new Hono().basePath('/api').route('/ai', gateway),
    ],
    ['in mount()', '/ai', (gateway) => new Hono().mount('/ai', gateway.fetch)],
  ]
  for (const [name, prefix, place] of places) {
    it(`serves chats, streams and errors ${name}`, async () => {
      const app = place(await open())
      await checkService((path, body) => app.request(prefix + path, post(body)))
    })
  }

  it('serves requests with their whole path below basePath', async () => {
    const gateway = await open({ basePath: '/api/ai/' })
    await checkService((path, body) => gateway.request(`/api/ai${path}`, post(body)))
    assert.equal((await gateway.request('/v1/models')).status, 200)
  })

  it('leaves other routes and the middleware of the application alone', async () => {
    const seen: string[] = []
    const app = new Hono()
      .use(async (c, next) => {
        if (c.req.header('x-team') === undefined) throw new HTTPException(401)
        await next()
        seen.push(`${c.req.path} ${c.res.status}`)
        c.header('x-app', 'mine')
      })
      .route('/ai', await open())
      .get('/other', (c) => c.text('other'))
    const headers = { 'x-team': 'a' }
    const response = await app.request('/ai/v1/models', { headers })
    assert.deepEqual([response.status, response.headers.get('x-app')], [200, 'mine'])
    assert.equal(await (await app.request('/other', { headers })).text(), 'other')
    assert.equal((await app.request('/aix/v1/models', { headers })).status, 404)
    assert.equal((await app.request('/ai/v1/models')).status, 401)
    assert.deepEqual(seen, ['/ai/v1/models 200', '/other 200', '/aix/v1/models 404'])
  })

  it('passes records of the log to the application, from LOG_LEVEL', async () => {
    const records: LogRecord[] = []
    const log = (record: LogRecord) => void records.push(record)
    await (await open({ log })).request('/v1/chat/completions', post(CHAT))
    assert.deepEqual(
      records.map(({ level, event, path, status }) => [level, event, path, status]),
      [['info', 'request', '/v1/chat/completions', 200]],
    )
    const env = { ...simulator.env, LOG_LEVEL: 'warn' }
    await (await open({ log, env })).request('/v1/chat/completions', post(CHAT))
    assert.equal(records.length, 1)
  })

  it('ignores HOST and PORT, which belong to the application', async () => {
    const env = { ...simulator.env, HOST: '0.0.0.0', PORT: 'none' }
    assert.equal((await (await open({ env })).request('/v1/models')).status, 200)
  })

  it('checks API keys and, without any, the host name', async () => {
    const env = { ...simulator.env, GATEWAY_API_KEYS: 'key-1' }
    const closed = await open({ env })
    assert.equal((await closed.request('http://ai.example/v1/models')).status, 401)
    const headers = { authorization: 'Bearer key-1' }
    assert.equal((await closed.request('http://ai.example/v1/models', { headers })).status, 200)
    assert.equal((await (await open()).request('http://ai.example/v1/models')).status, 403)
  })

  it('installs no signal handlers', async () => {
    const count = () => ['SIGTERM', 'SIGINT'].map((name) => process.listenerCount(name))
    const earlier = count()
    await open()
    assert.deepEqual(count(), earlier)
  })
})

describe('createGateway() with files', () => {
  let home = ''
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'home-'))
  })
  after(() => rm(home, { recursive: true, force: true }))

  it('reads ~/.oci/config, and rejects without a credential', async () => {
    const { fetch, env } = await createSimulator()
    await assert.rejects(createGateway({ env: { HOME: home }, fetch }), /\.oci\/config/)
    await mkdir(join(home, '.oci'))
    await writeFile(join(home, '.oci/key.pem'), env['OCI_CLI_KEY_CONTENT'] ?? '', { mode: 0o600 })
    const profile = [
      `[DEFAULT]`,
      `user=${env['OCI_CLI_USER']}`,
      `tenancy=${env['OCI_CLI_TENANCY']}`,
      `fingerprint=${env['OCI_CLI_FINGERPRINT']}`,
      `region=us-chicago-1`,
      `key_file=~/.oci/key.pem`,
    ]
    await writeFile(join(home, '.oci/config'), profile.join('\n'), { mode: 0o600 })
    const gateway = await createGateway({ env: { HOME: home }, fetch })
    assert.equal((await gateway.request('/v1/chat/completions', post(CHAT))).status, 200)
  })
})

function post(body: object): RequestInit {
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST', headers, body: JSON.stringify(body) }
}

/** Checks what depends on the path of a request: routes, and the format of errors. */
async function checkService(send: Send): Promise<void> {
  const chat = await send('/v1/chat/completions', CHAT)
  assert.equal(chat.status, 200, await chat.clone().text())
  const { choices } = await chat.json() as { choices: { message: { content: string } }[] }
  assert.match(choices[0]?.message.content ?? '', /You said: Hello/)
  const stream = await send('/v1/chat/completions/', { ...CHAT, stream: true })
  assert.match(await stream.text(), /^data: \{[^]*data: \[DONE\]\n\n$/)
  const rerank = { model: 'cohere.rerank-v4.0-fast', query: 'a', documents: [] }
  assert.equal((await send('/v2/rerank', rerank)).status, 400)
  const anthropic = await send('/v1/messages', {})
  assert.equal((await anthropic.json() as { type?: string }).type, 'error')
  const unknown = await send('/v1/chat/complete', {})
  assert.equal(unknown.status, 404)
  assert.match(await unknown.text(), /"No such path: \\"\/v1\/chat\/complete\\"/)
}
