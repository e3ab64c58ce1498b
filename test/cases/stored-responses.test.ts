import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { inTurn, refusing, sse } from './upstream.ts'

const MODEL = 'xai.grok-4'
const RELAYED = { models: { 'xai.*': { endpoint: 'openai' } } }
const KEYS = { GATEWAY_API_KEYS: 'sk-key-of-ann,sk-key-of-bob' }
const [ANN, BOB] = ['sk-key-of-ann', 'sk-key-of-bob']

describe('F6: response ids', () => {
  const ids = [
    ...['%2e%2e', '%2E%2E', '.%2e', '%2e', '..%2f..', '..%2fmodels', 'a%2fb', 'a%2f%2e%2e%2fb'],
    ...['%252e%252e', '..;', 'a%3fb', 'a%23b', 'a.b', '%00', 'é', 'x'.repeat(129)],
  ]
  for (const id of ids) {
    for (const [method, path] of [['GET', ''], ['DELETE', ''], ['GET', '/input_items']] as const) {
      it(`F6: ${method} /v1/responses/${id.slice(0, 20)}${path} does not reach OCI`, async () => {
        const gateway = await openTestGateway()
        const response = await gateway.fetchRaw(`/v1/responses/${id}${path}`, { method })
        assert.ok(response.status === 400 || response.status === 404, String(response.status))
        assert.deepEqual(gateway.calls, [])
      })
    }
  }

  it('F6: names the invalid parameter and its allowed values', async () => {
    const gateway = await openTestGateway()
    const response = await gateway.fetchRaw('/v1/responses/%2e%2e', { method: 'DELETE' })
    assert.equal(response.status, 400)
    const { error } = await response.json()
    assert.deepEqual([error.code, error.param], ['invalid_request', 'response_id'])
    assert.match(error.message, /"response_id" must be 1 to 128 letters/)
  })
})

describe('F6: queries for stored responses', () => {
  const passed: [path: string, query: string, sent: string][] = [
    ['', 'include[]=reasoning.encrypted_content&include=x.y', ''],
    ['', 'stream=false&starting_after=12&include_obfuscation=true', ''],
    ['/input_items', 'limit=100&order=asc&after=msg_1&before=msg_2', ''],
  ]
  for (const [path, query] of passed) {
    it(`F6: passes ${query} on`, async () => {
      const gateway = await openTestGateway({ upstream: () => Response.json({ object: 'x' }) })
      const response = await gateway.fetch(`/v1/responses/resp_1${path}?${query}`)
      assert.equal(response.status, 200)
      const expected = [...new URLSearchParams(query)]
      assert.deepEqual([...gateway.calls[0]?.url.searchParams ?? []], expected)
    })
  }

  const refused: [path: string, query: string, param: string][] = [
    ['', 'stream=1', 'stream'],
    ['', 'starting_after=-1', 'starting_after'],
    ['', 'include[]=a%26b', 'include[]'],
    ['', 'stream=true&stream=true', 'stream'],
    ['/input_items', 'limit=0', 'limit'],
    ['/input_items', 'limit=1e2', 'limit'],
    ['/input_items', 'order=up', 'order'],
    ['/input_items', 'after=..%2f', 'after'],
  ]
  for (const [path, query, param] of refused) {
    it(`F6: rejects ${query}`, async () => {
      const gateway = await openTestGateway()
      const response = await gateway.fetch(`/v1/responses/resp_1${path}?${query}`)
      assert.equal(response.status, 400)
      assert.equal((await response.json()).error.param, param)
      assert.deepEqual(gateway.calls, [])
    })
  }

  it('F6: leaves other parameters out and warns', async () => {
    const gateway = await openTestGateway({ upstream: () => Response.json({ id: 'resp_1' }) })
    const query = 'compartmentId=x&limit=5&__proto__=1'
    const response = await gateway.fetch(`/v1/responses/resp_1?${query}`)
    assert.equal(response.status, 200)
    assert.equal(gateway.calls[0]?.url.search, '')
    assert.match(response.headers.get('x-oci-gateway-warnings') ?? '', /^compartmentId: .*limit: /)
  })

  it('F6: streams a stored response when the client asks for it', async () => {
    const events =
      'event: response.completed\ndata: {"type":"response.completed","sequence_number":4}\n\n'
    const gateway = await openTestGateway({ upstream: sse(events) })
    const response = await gateway.fetch('/v1/responses/resp_1?stream=true&starting_after=3')
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
    assert.equal(await response.text(), events)
  })

  it('E8: returns not_found for a response that OCI does not have', async () => {
    const response = await (await openTestGateway()).fetch('/v1/responses/resp_x')
    assert.equal(response.status, 404)
    const { error } = await response.json()
    assert.equal(error.code, 'not_found')
    assert.match(error.message, /^OCI has no such response: .*resp_x/)
  })
})

describe('F7: responses that OCI stores', () => {
  for (const stream of [false, true]) {
    it(`F7: belong to the key that created them (stream: ${stream})`, async () => {
      const gateway = await openTestGateway({ config: RELAYED, env: KEYS })
      const id = await create(gateway, ANN, { stream })
      const reads = [['GET', ''], ['GET', '/input_items'], ['DELETE', '']] as const
      const before = gateway.calls.length
      for (const [method, path] of reads) {
        const response = await ask(gateway, BOB, `/v1/responses/${id}${path}`, { method })
        assert.equal(response.status, 404, method + path)
        assert.equal((await response.json()).error.code, 'not_found')
      }
      const stolen = await post(gateway, BOB, { input: 'Go on', previous_response_id: id, stream })
      assert.equal(stolen.status, 400)
      const { error } = await stolen.json()
      assert.deepEqual([error.code, error.param], [
        'previous_response_not_found',
        'previous_response_id',
      ])
      assert.match(error.message, /Send the whole conversation as "input"/)
      assert.equal(gateway.calls.length, before)

      assert.equal((await ask(gateway, ANN, `/v1/responses/${id}`)).status, 200)
      const next = await post(gateway, ANN, { input: 'Go on', previous_response_id: id, stream })
      assert.equal(next.status, 200, await next.text())
      const deleted = await ask(gateway, ANN, `/v1/responses/${id}`, { method: 'DELETE' })
      assert.equal((await deleted.json()).deleted, true)
      assert.equal((await ask(gateway, ANN, `/v1/responses/${id}`)).status, 404)
    })
  }

  for (const stream of [false, true]) {
    it(`F7: have items that belong to the same key (stream: ${stream})`, async () => {
      const gateway = await openTestGateway({ config: RELAYED, env: KEYS })
      const response = await post(gateway, ANN, { input: 'Hello', store: true, stream })
      const item = /"id":"(msg_\w+)"/.exec(await response.text())?.[1]
      assert.ok(item)
      const user = { role: 'user', content: 'Go on' }
      const before = gateway.calls.length
      for (const reference of [{ type: 'item_reference', id: item }, { id: item }]) {
        const stolen = await post(gateway, BOB, { input: [user, reference] })
        assert.equal(stolen.status, 404)
        assert.equal((await stolen.json()).error.param, 'input[1]')
      }
      assert.equal(gateway.calls.length, before)
      const next = await post(gateway, ANN, {
        input: [{ type: 'item_reference', id: item }, user],
      })
      assert.equal(next.status, 200, await next.text())
    })
  }

  for (const stream of [false, true]) {
    it(`F7: have reasoning that belongs to the same key (stream: ${stream})`, async () => {
      const gateway = await openTestGateway({ config: RELAYED, env: KEYS })
      for (const store of [true, false]) {
        const asked = { input: 'Hello [[sim:reasoning]]', store, stream }
        const [, id] = /"id":"(rs_\w+)"/.exec(await (await post(gateway, ANN, asked)).text()) ?? []
        assert.ok(id)
        const input = [{ type: 'reasoning', id, summary: [] }, { role: 'user', content: 'Go on' }]
        const before = gateway.calls.length
        const stolen = await post(gateway, BOB, { input })
        assert.equal(stolen.status, 404)
        assert.equal((await stolen.json()).error.param, 'input[0]')
        assert.equal(gateway.calls.length, before)
        assert.equal((await post(gateway, ANN, { input })).status, 200)
      }
    })
  }

  it('F7: in the background have items that belong to the key once it has read them', async () => {
    const gateway = await openTestGateway({ config: RELAYED, env: KEYS })
    const id = await create(gateway, ANN, { background: true })
    let item: string | undefined
    for (let turn = 0; turn < 5 && !item; turn++) {
      const text = await (await ask(gateway, ANN, `/v1/responses/${id}`)).text()
      item = /"id":"(msg_\w+)"/.exec(text)?.[1]
    }
    const input = [{ type: 'item_reference', id: item }, { role: 'user', content: 'Go on' }]
    assert.equal((await post(gateway, BOB, { input })).status, 404)
    assert.equal((await post(gateway, ANN, { input })).status, 200)
  })

  it('F7: name no prompt, which no key can have created', async () => {
    const gateway = await openTestGateway({ config: RELAYED, env: KEYS })
    const response = await post(gateway, ANN, { input: 'Hello', prompt: { id: 'pmpt_1' } })
    assert.equal(response.status, 404)
    assert.equal((await response.json()).error.param, 'prompt.id')
    assert.deepEqual(gateway.calls, [])
  })

  it('F7: are recorded when a comment precedes the first event', async () => {
    const created = { type: 'response.created', response: { object: 'response', id: 'resp_late' } }
    const pieces = [
      ': ping\n\n',
      `event: response.created\ndata: ${JSON.stringify(created)}\n\n`,
      'event: response.completed\ndata: {"type":"response.completed"}\n\n',
    ]
    const body = () => streamOf(pieces)
    const gateway = await openTestGateway({
      config: RELAYED,
      env: KEYS,
      upstream: ({ method }) =>
        method === 'POST' ? sse(body())() : Response.json({ id: 'resp_late' }),
    })
    const response = await post(gateway, ANN, { input: 'Hello', stream: true })
    assert.match(await response.text(), /^: ping\n\nevent: response\.created\n.*"id":"resp_late"/)
    assert.equal((await ask(gateway, ANN, '/v1/responses/resp_late')).status, 200)
    assert.equal((await ask(gateway, BOB, '/v1/responses/resp_late')).status, 404)
  })

  it('F7: cannot be continued by conversation id, because its owner is unknown', async () => {
    const gateway = await openTestGateway({ config: RELAYED, env: KEYS })
    for (const conversation of ['conv_1', { id: 'conv_1' }]) {
      const response = await post(gateway, ANN, { input: 'Hello', conversation })
      assert.equal(response.status, 404)
      assert.equal((await response.json()).error.param, 'conversation')
    }
    assert.deepEqual(gateway.calls, [])
  })

  it('F7: are available to all clients of a gateway without API keys', async () => {
    const gateway = await openTestGateway({ upstream: () => Response.json({ id: 'resp_1' }) })
    assert.equal((await gateway.fetch('/v1/responses/resp_1')).status, 200)
  })
})

describe('F6: failures of OCI with a stored response', () => {
  const DOWN = refusing(503, { code: '503', message: 'down' })
  const LIMITED = refusing(429, { code: 'TooManyRequests', message: 'slow down' })
  const NONE = refusing(404, { code: '404', message: 'none' })
  const FOUND = () => Response.json({ id: 'resp_1', object: 'response' })
  const GONE = () => new Response(null, { status: 204 })
  const BROKEN = refusing(400, { code: '400', message: 'bad' })
  const rows: [
    name: string,
    request: string,
    answers: (() => Response)[],
    status: number,
    calls: number,
  ][] = [
    ['a read is repeated', 'GET ', [DOWN, FOUND], 200, 2],
    ['items are read again', 'GET /input_items', [DOWN, FOUND], 200, 2],
    ['a read ends as the outage of OCI', 'GET ', [DOWN], 502, 3],
    ['a refused deletion is repeated', 'DELETE ', [LIMITED, FOUND], 200, 2],
    ['a deletion with an unknown outcome is not', 'DELETE ', [DOWN, FOUND], 502, 1],
    ['a deletion may have no content', 'DELETE ', [GONE], 204, 1],
    ['a response must have content', 'GET ', [GONE], 502, 1],
    ['a cancellation with an unknown outcome is not', 'POST /cancel', [DOWN, FOUND], 502, 1],
    ['a response that does not exist is asked for once', 'GET ', [NONE, FOUND], 404, 1],
  ]
  for (const [name, request, answers, status, calls] of rows) {
    it(`F6: ${name}`, async () => {
      const gateway = await openTestGateway({ upstream: inTurn(...answers) })
      const [method = '', part = ''] = request.split(' ')
      const response = await gateway.fetch(`/v1/responses/resp_1${part}`, { method })
      assert.equal(response.status, status)
      assert.equal(gateway.calls.length, calls)
    })
  }

  const regions: [
    name: string,
    request: string,
    chicago: () => Response,
    frankfurt: () => Response,
    status: number,
    calls: number,
  ][] = [
    ['a response of another region is read', 'GET ', NONE, FOUND, 200, 2],
    ['its items are listed', 'GET /input_items', NONE, FOUND, 200, 2],
    ['it is deleted', 'DELETE ', NONE, FOUND, 200, 2],
    ['it is cancelled', 'POST /cancel', NONE, FOUND, 200, 2],
    ['no region has it', 'GET ', NONE, NONE, 404, 2],
    ['a region that is down is repeated, then left', 'GET ', DOWN, FOUND, 200, 4],
    ['a region that is down may have it', 'GET ', DOWN, NONE, 502, 4],
    ['a region that is down may have it, too', 'DELETE ', NONE, DOWN, 502, 2],
    ['a rejected request is not sent elsewhere', 'GET ', BROKEN, FOUND, 400, 1],
  ]
  for (const [name, request, chicago, frankfurt, status, calls] of regions) {
    it(`F6: in two regions, ${name}`, async () => {
      const gateway = await openTestGateway({
        env: { OCI_REGION: 'us-chicago-1,eu-frankfurt-1' },
        upstream: ({ url }) => (url.host.includes('us-chicago-1') ? chicago : frankfurt)(),
      })
      const [method = '', part = ''] = request.split(' ')
      const response = await gateway.fetch(`/v1/responses/resp_1${part}`, { method })
      assert.equal(response.status, status, await response.text())
      assert.equal(gateway.calls.length, calls)
    })
  }

  it('F6: open the circuit, which answers without a call', async () => {
    const gateway = await openTestGateway({
      config: { retry: { maxAttempts: 1 }, circuitBreaker: { minimumRequests: 2 } },
      upstream: DOWN,
    })
    for (let turn = 0; turn < 6; turn++) await gateway.fetch('/v1/responses/resp_1')
    assert.ok(gateway.calls.length < 6, String(gateway.calls.length))
    const other = gateway.calls.length
    await gateway.fetch('/v1/files')
    assert.equal(gateway.calls.length, other + 1)
  })
})

async function create(gateway: TestGateway, key: string, body: object): Promise<string> {
  const response = await post(gateway, key, { input: 'Hello', store: true, ...body })
  const text = await response.text()
  assert.equal(response.status, 200, text)
  return /"id":"(resp_\w+)"/.exec(text)?.[1] ?? ''
}

function post(gateway: TestGateway, key: string, body: object): Promise<Response> {
  return ask(gateway, key, '/v1/responses', {
    method: 'POST',
    body: JSON.stringify({ model: MODEL, ...body }),
  })
}

function ask(
  gateway: TestGateway,
  key: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  return gateway.fetch(path, { ...init, headers: { authorization: `Bearer ${key}` } })
}

function streamOf(pieces: readonly string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const rest = [...pieces]
  return new ReadableStream({
    pull(controller) {
      const piece = rest.shift()
      if (piece === undefined) controller.close()
      else controller.enqueue(new TextEncoder().encode(piece))
    },
  })
}
