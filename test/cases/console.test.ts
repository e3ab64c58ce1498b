import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway, type TestGateway } from './gateway.ts'

const MODEL = 'xai.grok-4.3'
const HELLO = { model: MODEL, messages: [{ role: 'user', content: 'Hello, secret words' }] }
const BROWSER = { headers: { accept: 'text/html,application/xhtml+xml' } }

interface Status {
  credential: object
  regions: string[]
  models: { count: number; builtIn: boolean }
  problem: { id: string } | null
  circuits: { model: string; succeeded: number; failed: number }[]
  clients: { agent: string }[]
}

interface View {
  requestId: string
  status: number
  outcome: string
  error?: string
  attempts: { region: string; status: number | null; error: string | null; opcRequestId: string }[]
  tokens: { prompt: number; completion: number } | null
  cost: string | null
  firstTokenMs?: number
  warnings: string[]
  userAgent: string | null
  key: string | null
}

async function readRequests(gateway: TestGateway, init: RequestInit = {}): Promise<View[]> {
  const response = await gateway.fetch('/admin/v1/requests', init)
  assert.equal(response.status, 200)
  return (await response.json()).requests
}

describe('the data of the console', () => {
  it('are open on a gateway without keys', async () => {
    const gateway = await openTestGateway()
    await gateway.ask(HELLO)
    const response = await gateway.fetch('/admin/v1/status')
    const status = await response.json() as Status
    assert.deepEqual(status.credential, {
      ...{ kind: 'api_key', source: 'the environment', expiresAt: null },
    })
    assert.deepEqual(status.regions, ['us-chicago-1'])
    assert.ok(status.models.count > 10)
    assert.deepEqual([status.models.builtIn, status.problem], [false, null])
    const circuit = status.circuits.find(({ model }) => model === MODEL)
    assert.deepEqual([circuit?.succeeded, circuit?.failed], [1, 0])
  })

  it('name the one cause if OCI does not accept the credential', async () => {
    const gateway = await openTestGateway({
      upstream: ({ url }) =>
        /\/model(?:s|Discovery)$/.test(url.pathname)
          ? Response.json({ code: 'NotAuthenticated', message: 'no' }, { status: 401 })
          : undefined,
    })
    const status = await (await gateway.fetch('/admin/v1/status')).json() as Status
    assert.equal(status.problem?.id, 'credential_not_accepted')
    assert.equal(status.models.builtIn, true)
  })

  it('have the metadata of requests, and none of their words', async () => {
    const gateway = await openTestGateway()
    const headers = { 'content-type': 'application/json', 'user-agent': 'acme/1' }
    const init = { method: 'POST', headers, body: JSON.stringify({ ...HELLO, n: 2 }) }
    const response = await gateway.fetch('/v1/chat/completions', init)
    await response.text()
    const [request] = await readRequests(gateway)
    assert.equal(request?.requestId, response.headers.get('x-request-id'))
    assert.deepEqual([request?.status, request?.outcome, request?.userAgent], [
      ...[200, 'complete', 'acme/1'],
    ])
    assert.equal(request?.attempts[0]?.region, 'us-chicago-1')
    assert.ok(response.headers.get('opc-request-id')?.includes(request.attempts[0].opcRequestId))
    assert.ok(request.tokens && request.tokens.prompt > 0)
    assert.match(request.cost ?? '', /^0\.0\d+$/)
    assert.doesNotMatch(JSON.stringify(request), /secret words/)
  })

  it('have each attempt, with the status of OCI', async () => {
    const gateway = await openTestGateway()
    const content = '[[sim:status=503 times=1]] Hello'
    await gateway.stream({ ...HELLO, messages: [{ role: 'user', content }] })
    const [request] = await readRequests(gateway)
    assert.deepEqual(request?.attempts.map(({ status, error }) => [status, error]), [
      [503, 'upstream_unavailable'],
      [200, null],
    ])
    assert.equal(typeof request?.firstTokenMs, 'number')
  })

  it('have failed requests and warnings', async () => {
    const gateway = await openTestGateway()
    await gateway.fail({ ...HELLO, messages: [{ role: 'user', content: '[[sim:status=400]]' }] })
    await gateway.ask({ ...HELLO, model: 'cohere.command-a-03-2025', logit_bias: { 1: 1 } })
    const [warned, failed] = await readRequests(gateway)
    assert.equal(failed?.error, 'invalid_request')
    assert.equal(failed?.attempts[0]?.status, 400)
    assert.ok(warned && warned.warnings.length > 0)
  })

  it('are found by their request id', async () => {
    const gateway = await openTestGateway()
    await gateway.ask(HELLO)
    const { headers } = await gateway.ask(HELLO)
    const id = headers.get('x-request-id')
    const response = await gateway.fetch(`/admin/v1/requests?id=${id}`)
    const { requests } = await response.json() as { requests: View[] }
    assert.deepEqual(requests.map(({ requestId }) => requestId), [id])
  })

  const keyed: [name: string, env: Record<string, string>, key: string, status: number][] = [
    ['do not exist with API keys only', { GATEWAY_API_KEYS: 'client-1' }, 'client-1', 404],
    ['need the administration key', { GATEWAY_ADMIN_KEY: 'admin-1' }, '', 401],
    ['are not for API keys', { GATEWAY_API_KEYS: 'c-1', GATEWAY_ADMIN_KEY: 'a-1' }, 'c-1', 401],
    ['are for the administration key', { GATEWAY_ADMIN_KEY: 'admin-1' }, 'admin-1', 200],
  ]
  for (const [name, env, key, status] of keyed) {
    it(name, async () => {
      const gateway = await openTestGateway({ env })
      const headers = key === '' ? {} : { authorization: `Bearer ${key}` }
      for (const path of ['/admin/v1/status', '/admin/v1/requests']) {
        assert.equal((await gateway.fetch(path, { headers })).status, status, path)
      }
    })
  }

  const foreign: [name: string, headers: Record<string, string>][] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host name', { host: 'evil.example' }],
  ]
  for (const [name, headers] of foreign) {
    it(`are not for pages of ${name}`, async () => {
      const gateway = await openTestGateway()
      for (const path of ['/admin/v1/status', '/admin/v1/requests', '/v1/models']) {
        const response = await gateway.fetch(path, { headers })
        assert.equal(response.status, 403, path)
      }
    })
  }
})

describe('the page of the console', () => {
  it('is served to browsers, also on a gateway with keys', async () => {
    const gateway = await openTestGateway({ env: { GATEWAY_API_KEYS: 'client-1' } })
    const response = await gateway.fetch('/', BROWSER)
    assert.equal(response.status, 200)
    const html = await response.text()
    assert.match(html, /^<!doctype html>/)
    assert.doesNotMatch(html, /client-1/)
  })

  it('is not served to other clients', async () => {
    const gateway = await openTestGateway()
    assert.equal((await gateway.fetch('/')).status, 404)
  })

  const off: [name: string, options: Parameters<typeof openTestGateway>[0]][] = [
    ['the configuration', { config: { console: false } }],
    ['the environment', { env: { GATEWAY_CONSOLE: 'false' } }],
  ]
  for (const [name, options] of off) {
    it(`does not exist if ${name} turns it off`, async () => {
      const gateway = await openTestGateway(options)
      assert.equal((await gateway.fetch('/', BROWSER)).status, 404)
    })
  }
})
