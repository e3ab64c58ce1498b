import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { it } from 'node:test'
import { ROUTING_PROFILES } from '../../src/simulator/catalogue.ts'
import { chunksOf, type GetTarget, post, textOf } from './target.ts'

const HELLO = [{ role: 'user', content: 'Hello, 日本 🦊' }]
const LLAMA = 'meta.llama-3.3-70b-instruct'
const [PROFILE] = ROUTING_PROFILES.map(({ id }) => id)

type Row = [
  name: string,
  request: { method?: string; path: string; body?: unknown; headers?: Record<string, string> },
  expected: {
    status: number
    code?: string
    param?: string
    header?: [name: string, value: RegExp]
    body?: RegExp
  },
]

const rows: Row[] = [
  ['answers /health without a key', { path: '/health', headers: { authorization: '' } }, {
    status: 200,
  }],
  ['answers /livez without a key', { path: '/livez', headers: { authorization: '' } }, {
    status: 200,
  }],
  ['answers /v1/readyz without a key', { path: '/v1/readyz', headers: { authorization: '' } }, {
    status: 200,
  }],
  ['rejects a request without a key', { path: '/v1/models', headers: { authorization: '' } }, {
    status: 401,
    code: 'invalid_api_key',
    header: ['www-authenticate', /^Bearer/],
  }],
  ['E04 rejects a wrong key', {
    path: '/v1/models',
    headers: { authorization: 'Bearer test-key-2' },
  }, { status: 401, code: 'invalid_api_key' }],
  ['accepts a key in x-api-key', {
    path: '/v1/models',
    headers: { 'authorization': '', 'x-api-key': 'test-key-1' },
  }, { status: 200 }],
  ['E17 rejects an unknown path', { path: '/v1/nowhere' }, { status: 404, code: 'not_found' }],
  ['E17 rejects an unknown method', { path: '/v1/chat/completions' }, {
    status: 405,
    code: 'method_not_allowed',
    header: ['allow', /POST/],
  }],
  ['lists models', { path: '/v1/models' }, { status: 200 }],
  ['V14 returns one model', { path: '/v1/models/xai.grok-4' }, { status: 200 }],
  ['V14 rejects an unknown model', { path: '/models/xai.grok-0' }, {
    status: 404,
    code: 'model_not_found',
  }],
  ['chats without /v1', {
    path: '/chat/completions',
    body: { model: LLAMA, messages: HELLO },
  }, { status: 200, header: ['opc-request-id', /^[\w/-]+$/] }],
  ...['/v1/rerank', '/v2/rerank'].map((path): Row => [`V12 reranks on ${path}`, {
    path,
    body: { model: 'cohere.rerank-v3.5', query: 'Paris', documents: ['Berlin', { text: 'Paris' }] },
  }, { status: 200, header: ['opc-request-id', /^[\w/-]+$/] }]),
  ['R-P1 chats with a routing profile', {
    path: '/v1/chat/completions',
    body: { model: PROFILE, messages: HELLO },
  }, { status: 200, header: ['x-oci-region', /^eu-frankfurt-1$/] }],
  ["R-H1 sends a hosted tool to OCI's Responses", {
    path: '/v1/responses',
    body: { model: 'xai.grok-4.3', input: 'Hello', tools: [{ type: 'x_search' }] },
  }, { status: 200, body: /"x_search_call"/ }],
  ['R-H3 rejects a new file id for a model without files', {
    path: '/v1/responses',
    body: {
      model: LLAMA,
      input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'f' }] }],
    },
  }, { status: 400, param: 'input[0].content[0].file_id' }],
  ["keeps the client's request id", {
    path: '/v1/chat/completions',
    body: { model: LLAMA, messages: HELLO },
    headers: { 'x-request-id': 'abc-123' },
  }, { status: 200, header: ['x-request-id', /^abc-123$/] }],
  ['replaces an invalid request id', {
    path: '/v1/chat/completions',
    body: { model: LLAMA, messages: HELLO },
    headers: { 'x-request-id': 'a/b;c' },
  }, { status: 200, header: ['x-request-id', /^[a-z0-9]{24}$/] }],
  ['P32 rejects a body that is not JSON', { path: '/v1/chat/completions', body: '{"model":' }, {
    status: 400,
    code: 'invalid_request',
  }],
  ['M26 names an invalid message', {
    path: '/v1/chat/completions',
    body: { model: LLAMA, messages: [{ role: 'bot', content: 'x' }] },
  }, { status: 400, param: 'messages[0].role' }],
  ['E14 passes on the error of an unknown model', {
    path: '/v1/chat/completions',
    body: { model: 'xai.grok-5000', messages: HELLO },
  }, { status: 404, code: 'model_not_found' }],
  ['E16 responds with the status when a stream cannot start', {
    path: '/v1/chat/completions',
    body: {
      model: LLAMA,
      stream: true,
      messages: [{ role: 'user', content: '[[sim:status=403]]' }],
    },
  }, { status: 403, code: 'permission_denied' }],
  ['E03 reports that OCI rejects the credential', {
    path: '/v1/chat/completions',
    body: { model: LLAMA, messages: [{ role: 'user', content: '[[sim:status=401]]' }] },
  }, { status: 502, code: 'upstream_auth_error' }],
  ['E06 passes on a rate limit with Retry-After', {
    path: '/v1/chat/completions',
    body: {
      // No other row uses this model: its circuit is open after the rate limit.
      model: 'xai.grok-3-mini',
      messages: [{ role: 'user', content: '[[sim:status=429 retry-after=60]]' }],
    },
  }, { status: 429, code: 'rate_limit_exceeded', header: ['retry-after', /^60$/] }],
  ['E08 responds in JSON when OCI responds in HTML', {
    path: '/v1/chat/completions',
    body: { model: LLAMA, messages: [{ role: 'user', content: '[[sim:status=503 page]]' }] },
  }, { status: 502, code: 'upstream_unavailable' }],
  ['A23 follows no redirect', {
    path: '/v1/chat/completions',
    body: { model: LLAMA, messages: [{ role: 'user', content: '[[sim:redirect]]' }] },
  }, { status: 502, code: 'upstream_redirect' }],
  ['E18 rejects a body that is too large', {
    path: '/v1/chat/completions',
    body: { model: LLAMA, messages: [{ role: 'user', content: 'x'.repeat(33 * 1024 * 1024) }] },
  }, { status: 413, code: 'request_too_large' }],
]

/** Single requests, as a client sees them. */
export function testHttp(target: GetTarget): void {
  for (const [name, request, expected] of rows) {
    it(name, async () => {
      const { url, key } = target()
      const { method = request.body === undefined ? 'GET' : 'POST', path, body, headers } = request
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      assert.equal(response.status, expected.status, text)
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
      assert.ok(response.headers.get('x-request-id'))
      const json = JSON.parse(text)
      if (expected.status >= 400) assert.equal(typeof json.error.message, 'string')
      if (expected.code) assert.equal(json.error.code, expected.code)
      if (expected.param) assert.equal(json.error.param, expected.param)
      if (expected.body) assert.match(text, expected.body)
      if (expected.header) {
        assert.match(response.headers.get(expected.header[0]) ?? '', expected.header[1])
      }
    })
  }

  it('E18 a client that pauses while it sends a body that is too large receives the error', async () => {
    const { url, key } = target()
    const answer = await sendSlowly(`${url}/v1/chat/completions`, key, 33 * 1024 * 1024)
    assert.match(answer, /^HTTP\/1\.1 413 [^]*"code":"request_too_large"/)
  })

  it('signs exactly what it sends, and forwards nothing of the client (A02, A19)', async () => {
    const { seen, ...rest } = target()
    const body = { model: LLAMA, messages: HELLO }
    const response = await post({ seen, ...rest }, '/v1/chat/completions', body, {
      headers: { 'cookie': 'a=b', 'x-api-key': 'secret', 'opc-obo-token': 'stolen' },
    })
    assert.equal(response.status, 200)
    const request = seen.at(-1)
    assert.match(request?.headers.get('authorization') ?? '', /^Signature version="1",keyId=/)
    for (const name of ['cookie', 'x-api-key', 'opc-obo-token']) {
      assert.equal(request?.headers.get(name), null)
    }
    assert.match(new TextDecoder().decode(request?.body), /Hello, 日本 🦊/)
  })

  it('gives the same reply streamed and whole', async () => {
    const body = { model: LLAMA, messages: HELLO }
    const whole = await post(target(), '/v1/chat/completions', body)
    const { choices } = await whole.json()
    const streamed = await post(target(), '/v1/chat/completions', { ...body, stream: true })
    assert.equal(streamed.headers.get('content-type'), 'text/event-stream; charset=utf-8')
    const text = await streamed.text()
    const chunks = chunksOf(text)
    assert.equal(textOf(chunks), choices[0].message.content)
    assert.ok(text.endsWith('data: [DONE]\n\n'))
    assert.ok(chunks.every(({ model }) => model === LLAMA))
  })

  it('Z04 logs each request without its content', async () => {
    const { output } = target()
    const secret = 'xyzzy-prompt'
    const body = { model: LLAMA, messages: [{ role: 'user', content: secret }] }
    await (await post(target(), '/v1/chat/completions', body)).text()
    const line = /"event":"request".*"path":"\/v1\/chat\/completions"/
    const began = performance.now()
    while (!line.test(output()) && performance.now() - began < 60_000) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    assert.match(output(), line)
    assert.ok(!output().includes(secret))
    assert.ok(!output().includes('test-key-1'))
    assert.ok(!output().includes('PRIVATE KEY'))
  })
}

/** Longer than a server waits that closes a connection soon after its answer. */
const PAUSE = 2_000

/**
 * Sends a body of a length in two parts, with a pause between them, as a busy client does. Resolves
 * with the answer, which is read only afterwards: a client that writes to a closed connection fails.
 */
function sendSlowly(url: string, key: string, length: number): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    socket.once('error', reject)
    const head = [
      `POST ${new URL(url).pathname} HTTP/1.1`,
      `host: ${hostname}:${port}`,
      `authorization: Bearer ${key}`,
      ...['content-type: application/json', `content-length: ${length}`, '', ''],
    ]
    socket.write(head.join('\r\n'))
    const half = Buffer.alloc(length / 2, ' ')
    setTimeout(() => {
      socket.write(half)
      socket.write(half, (error) => {
        if (error) return reject(error)
        let answer = ''
        socket.setEncoding('utf8').on('data', (text: string) => {
          answer += text
          if (!answer.includes('}')) return
          socket.destroy()
          resolve(answer)
        })
      })
    }, PAUSE)
    socket.once('close', () => reject(new Error('the connection is closed without an answer')))
  })
}
