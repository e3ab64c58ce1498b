import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGateway } from '../../src/entry/gateway.ts'
import { ApiError } from '../../src/errors.ts'
import { IDENTITY, openTestGateway, TENANCY, USER } from './gateway.ts'
import { refusing, saying, text } from './upstream.ts'

const MODEL = 'meta.llama-3.3-70b-instruct'
const BODY = { model: MODEL, messages: [{ role: 'user', content: 'Hi' }] }
const KEYS = ['gateway-key-one', 'gateway-key-two']

describe('openGateway()', () => {
  const addresses: [host: string, isOpen: boolean][] = [
    ['127.0.0.1', false],
    ['localhost', false],
    ['::1', false],
    ['0.0.0.0', true],
    ['::', true],
    ['192.168.1.2', true],
    ['gateway.example', true],
  ]
  for (const [host, isOpen] of addresses) {
    it(`Z01 ${isOpen ? 'rejects' : 'accepts'} ${host} without a key and accepts it with one`, async () => {
      await openTestGateway({ env: { HOST: host, GATEWAY_API_KEYS: KEYS[0] } })
      const opening = openTestGateway({ env: { HOST: host } })
      if (!isOpen) return void await opening
      await assert.rejects(opening, (error) => {
        assert.ok(error instanceof ApiError)
        assert.equal(error.code, 'configuration_error')
        assert.match(error.message, /GATEWAY_API_KEYS/)
        return true
      })
    })
  }

  it('Z01 rejects a Workers deployment without a key', async () => {
    const options = { env: IDENTITY, files: undefined, write: () => {}, exposed: true }
    await assert.rejects(openGateway(options), /GATEWAY_API_KEYS/)
  })
})

type KeyCase = [name: string, headers: Record<string, string>, isAccepted: boolean]

const keyCases: KeyCase[] = [
  ['E04 Z02 accepts the first key', { authorization: `Bearer ${KEYS[0]}` }, true],
  ['E04 Z02 accepts the second key', { authorization: `Bearer ${KEYS[1]}` }, true],
  ['E04 accepts a key in x-api-key', { 'x-api-key': KEYS[1] ?? '' }, true],
  ['E04 rejects another key', { authorization: 'Bearer sk-wrong' }, false],
  ['E04 rejects a missing key', {}, false],
  ['Z02 rejects a prefix of a key', { authorization: 'Bearer gateway-key' }, false],
  ['Z02 rejects a key with additional characters', { authorization: `Bearer ${KEYS[0]}x` }, false],
  ['Z02 rejects two keys at once', { authorization: `Bearer ${KEYS.join(',')}` }, false],
  ...['ocigenerativeai', 'sk-1234', 'changeme', 'none', 'undefined', ''].map((word): KeyCase => [
    `Z03 rejects the default key "${word}"`,
    { authorization: `Bearer ${word}` },
    false,
  ]),
]

describe('POST /v1/chat/completions', () => {
  for (const [name, headers, isAccepted] of keyCases) {
    it(name, async () => {
      const { fetch, calls } = await openTestGateway({
        env: { GATEWAY_API_KEYS: KEYS.join(',') },
      })
      const response = await fetch('/v1/chat/completions', {
        method: 'POST',
        headers,
        body: JSON.stringify(BODY),
      })
      const { error } = await response.json()
      assert.equal(response.status, isAccepted ? 200 : 401)
      assert.equal(calls.length, isAccepted ? 1 : 0)
      if (isAccepted) return
      assert.deepEqual(error, {
        message: error.message,
        type: 'authentication_error',
        param: null,
        code: 'invalid_api_key',
      })
      assert.equal(response.headers.get('www-authenticate'), 'Bearer')
      assert.doesNotMatch(error.message, /gateway-key|sk-wrong/)
    })
  }

  it('Z02 hashes each presented key, valid or not', async () => {
    const { fetch } = await openTestGateway({ env: { GATEWAY_API_KEYS: KEYS.join(',') } })
    const hashed: string[] = []
    const original = crypto.subtle.digest
    const spy = (...args: [AlgorithmIdentifier, BufferSource]) => {
      hashed.push(new TextDecoder().decode(args[1]))
      return Reflect.apply(original, crypto.subtle, args)
    }
    Object.defineProperty(crypto.subtle, 'digest', { value: spy, configurable: true })
    try {
      for (const key of [KEYS[0], 'wrong']) {
        await fetch('/v1/models', { headers: { authorization: `Bearer ${key}` } })
      }
    } finally {
      Reflect.deleteProperty(crypto.subtle, 'digest')
    }
    assert.deepEqual(hashed.filter((text) => text !== ''), [KEYS[0], 'wrong'])
  })
})

describe('a call to OCI that hangs', () => {
  it('Z14 does not delay other requests', async () => {
    const gateway = await openTestGateway({ config: { timeouts: { responseSeconds: 1 } } })
    const silent = { ...BODY, messages: [{ role: 'user', content: 'Hi [[sim:silent]]' }] }
    const hanging = gateway.fail(silent)
    const { reply } = await gateway.ask(BODY)
    await gateway.stream(BODY)
    assert.equal(reply.choices.length, 1)
    assert.equal(await Promise.race([hanging, 'still hanging']), 'still hanging')
    assert.equal((await hanging).status, 504)
  })
})

// Most of the time passes in waits before retries.
describe('the log', { concurrency: true }, () => {
  const texts = [
    'PROMPTWORD',
    'SYSTEMWORD',
    'ARGUMENTWORD',
    'TOOLWORD',
    'RESULTWORD',
    'ANSWERWORD',
  ]
  const [prompt, system, argument, tool, result, answer] = texts
  const history = [
    { role: 'system', content: system },
    { role: 'user', content: 'first' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', function: { name: tool, arguments: `{"x":"${argument}"}` } }],
    },
    { role: 'tool', tool_call_id: 'a', content: result },
  ]
  const faults = [
    '',
    'status=400',
    'status=429',
    'error-event=oci',
    'garbage',
    'cut-after=2',
    'json',
  ]
  for (const fault of faults) {
    for (const stream of [true, false]) {
      const after = `${fault || 'an answer'}${stream ? ', streamed' : ''}`
      it(`Z04 contains no prompt, answer, key or secret after ${after}`, async () => {
        const gateway = await openTestGateway({
          env: { LOG_LEVEL: 'debug', GATEWAY_API_KEYS: KEYS.join(',') },
          config: { timeouts: { responseSeconds: 1 } },
        })
        const say = btoa(answer ?? '').replaceAll('=', '')
        const content = `${prompt} [[sim:say=${say} ${fault}]]`
        const response = await gateway.fetch('/v1/chat/completions', {
          method: 'POST',
          headers: { authorization: `Bearer ${KEYS[0]}`, 'x-request-id': 'known' },
          body: JSON.stringify({
            model: 'xai.grok-4.3',
            messages: [...history, { role: 'user', content }],
            tools: [{ type: 'function', function: { name: tool } }],
            reasoning_effort: 'low',
            user: prompt,
            metadata: { note: prompt },
            stream,
          }),
        })
        await response.text()
        assert.match(gateway.lines.join('\n'), /"requestId":"known"/)
        const pem = IDENTITY.OCI_CLI_KEY_CONTENT.split('\n').slice(1, -2)
        const names = [TENANCY, USER, 'PRIVATE KEY', 'Signature ', 'signature=']
        for (const secret of [...texts, ...KEYS, ...names, ...pem]) {
          assert.deepEqual(gateway.lines.filter((line) => line.includes(secret)), [])
        }
      })
    }
  }

  it('Z04 has one line for each request, with the ids to trace it', async () => {
    const { ask, stream, fail, lines } = await openTestGateway()
    await ask(BODY)
    await stream(BODY)
    await fail({ ...BODY, model: 'acme.none' })
    const requests = lines.map((line) => JSON.parse(line)).filter(({ event }) =>
      event === 'request'
    )
    assert.deepEqual(
      requests.map(({ level, method, path, model, status, stream, outcome, error }) => (
        { level, method, path, model, status, stream, outcome, error }
      )),
      [
        [MODEL, 200, false, undefined, undefined],
        [MODEL, 200, true, 'complete', undefined],
        ['acme.none', 404, false, undefined, 'model_not_found'],
      ].map(([model, status, stream, outcome, error]) => ({
        level: 'info',
        method: 'POST',
        path: '/v1/chat/completions',
        model,
        status,
        stream,
        outcome,
        error,
      })),
    )
    for (const { requestId, opcRequestId, ms } of requests) {
      assert.match(opcRequestId, new RegExp(`^${requestId}/`))
      assert.equal(typeof ms, 'number')
    }
  })
})

describe('a header', () => {
  const odd = 'a\r\nset-cookie: x=1\u0000\u00e9\u65e5'

  for (const isRefused of [true, false]) {
    it(
      `Z05 contains the request id of OCI without unsafe characters: ${
        isRefused ? 'refused' : 'answered'
      }`,
      async () => {
        const { fetch } = await openTestGateway({
          upstream: () => {
            const response = isRefused
              ? refusing(400, { code: '400', message: 'no' })()
              : saying(text('a'))()
            // No runtime accepts such a header in a new response, but some receive one.
            const get = (name: string) =>
              name === 'opc-request-id' ? odd : name === 'content-type' ? 'application/json' : null
            const has = (name: string) => get(name) !== null
            Object.defineProperty(response, 'headers', { value: { get, has } })
            return response
          },
        })
        const response = await fetch('/v1/chat/completions', {
          method: 'POST',
          body: JSON.stringify(BODY),
        })
        await response.text()
        assert.equal(response.status, isRefused ? 400 : 200)
        assert.equal(response.headers.get('opc-request-id'), 'a??set-cookie: x=1???')
        assert.equal(response.headers.get('set-cookie'), null)
      },
    )
  }

  it('Z05 contains no unsafe characters of the client', async () => {
    const { ask } = await openTestGateway({ upstream: saying(text('a')) })
    const { headers } = await ask({ ...BODY, model: `acme.${odd}`, verbosity: 'low', [odd]: 1 })
    const warnings = headers.get('x-oci-gateway-warnings') ?? ''
    assert.match(warnings, /verbosity: not supported by acme\.a/)
    assert.match(warnings, /^[\x20-\x7e]+$/)
    assert.equal(headers.get('set-cookie'), null)
  })

  for (const id of ['a b', 'x'.repeat(65), '<script>']) {
    it(`Z05 contains a new request id in place of the client's "${id.slice(0, 10)}"`, async () => {
      const { fetch, calls } = await openTestGateway()
      const response = await fetch('/v1/models', { headers: { 'x-request-id': id } })
      await response.text()
      assert.match(response.headers.get('x-request-id') ?? '', /^\w{24}$/)
      assert.match(calls[0]?.headers.get('opc-request-id') ?? '', /^\w{24}$/)
    })
  }
})

describe('the probes', () => {
  for (const path of ['/health', '/livez', '/readyz', '/ready', '/v1/health']) {
    it(`Z12 GET ${path} answers without a key and reveals no secret`, async () => {
      const gateway = await openTestGateway({ env: { GATEWAY_API_KEYS: KEYS.join(',') } })
      const response = await gateway.fetch(path)
      const body = await response.text()
      assert.equal(response.status, 200)
      assert.match(JSON.parse(body).status, /^(ok|ready)$/)
      for (const secret of [...KEYS, TENANCY, USER]) assert.ok(!body.includes(secret))
      assert.deepEqual(gateway.calls, [])
    })
  }

  it('F14: GET /readyz?verbose requires a key and reveals no secret', async () => {
    const { fetch } = await openTestGateway({ env: { GATEWAY_API_KEYS: KEYS.join(',') } })
    assert.equal((await fetch('/readyz?verbose')).status, 401)
    const headers = { authorization: `Bearer ${KEYS[0]}` }
    const response = await fetch('/readyz?verbose', { headers })
    const text = await response.text()
    assert.equal(response.status, 200)
    assert.deepEqual(JSON.parse(text), {
      status: 'ready',
      requests: { active: 0, max: 1_024 },
      bodyBytes: { active: 0, max: 256 * 1024 * 1024 },
      rateLimits: [],
      quirks: {},
      clients: [],
    })
    for (const secret of [...KEYS, TENANCY, USER]) assert.ok(!text.includes(secret))
  })
})
