import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../src/errors.ts'
import { IDENTITY, openTestGateway, TENANCY, USER } from './gateway.ts'
import { refusing, saying, text, type Upstream } from './upstream.ts'

const MODEL = 'meta.llama-3.3-70b-instruct'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const BODY = { model: MODEL, messages: MESSAGES }

interface Expected {
  status: number
  type: string
  code: string
  message: RegExp
  /** Calls to the chat of OCI; one when absent. */
  calls?: number
}

type Case = [name: string, upstream: Upstream, expected: Expected]

const oci = (status: number, code: string, message: string, headers = {}) =>
  refusing(status, { code, message }, headers)
const invalid = { status: 400, type: 'invalid_request_error', code: 'invalid_request' }
const unavailable = { status: 502, type: 'api_error', code: 'upstream_unavailable', calls: 3 }
const nested = JSON.stringify({
  code: 'Client specified an invalid argument',
  error: 'Invalid request content: Invalid function schema.',
})
const PAGE = '<html><head><title>503</title></head><body>busy</body></html>'

const cases: Case[] = [
  [
    'E01 keeps the message of OCI and adds likely causes',
    oci(400, '400', 'Please pass in correct format of request.'),
    {
      ...invalid,
      message: /^Please pass in correct format of request\. \(.*"meta\.llama-3\.3-70b-instruct"/,
    },
  ],
  [
    'E02 returns the innermost message of nested JSON',
    oci(400, '400', nested),
    { ...invalid, message: /^Invalid request content: Invalid function schema\.$/ },
  ],
  [
    'E02 returns the innermost message after a prefix, encoded twice',
    oci(400, '400', `Upstream answered: ${JSON.stringify(nested).slice(1, -1)}`),
    { ...invalid, message: /^Invalid request content: Invalid function schema\.$/ },
  ],
  [
    'E03 reports a refused credential of the gateway as 502, without a retry (an API key cannot be refreshed)',
    oci(401, 'NotAuthenticated', 'Failed to verify the HTTP(S) Signature'),
    {
      status: 502,
      type: 'api_error',
      code: 'upstream_auth_error',
      message: /Failed to verify.*fingerprint/,
    },
  ],
  [
    'E05 lists the possible causes of "not found"',
    oci(404, 'NotAuthorizedOrNotFound', 'Authorization failed or requested resource not found.'),
    {
      status: 404,
      type: 'not_found_error',
      code: 'model_not_found',
      message: /retired.*region.*compartment.*policy/,
    },
  ],
  [
    'E06 retries twice, then passes a 429 on',
    oci(429, 'TooManyRequests', 'Too many requests for the given tenancy'),
    {
      status: 429,
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
      message: /^Rate limit exceeded: Too many requests/,
      calls: 3,
    },
  ],
  ...[500, 503].map((status): Case => [
    `E08 retries twice after ${status}`,
    oci(status, 'InternalServerError', 'Internal Server Error'),
    { ...unavailable, message: new RegExp(`status ${status}`) },
  ]),
  ['E08 answers with JSON when OCI sends an HTML page', refusing(503, PAGE), {
    ...unavailable,
    message: /^OCI answered with status 503$/,
  }],
  ['E08 does not retry a 501', oci(501, '501', 'Not Implemented'), {
    ...unavailable,
    message: /status 501/,
    calls: 1,
  }],
  [
    'E09 retries when OCI cannot be reached',
    () => Promise.reject(new TypeError(`connect ECONNREFUSED 10.0.0.1 ${IDENTITY.OCI_CLI_USER}`)),
    { ...unavailable, message: /^Cannot reach OCI: / },
  ],
  [
    'E13 reports the content filter',
    oci(400, '400', 'The request was blocked by the content filter'),
    {
      status: 400,
      type: 'invalid_request_error',
      code: 'content_filter',
      message: /content filter/,
    },
  ],
]

const passedOn: [status: number, code: string, expected: Partial<Expected>][] = [
  [400, 'InvalidParameter', invalid],
  [403, 'NotAuthorized', { status: 403, type: 'permission_error', code: 'permission_denied' }],
  [404, '404', { status: 404, type: 'not_found_error', code: 'model_not_found' }],
  [413, '413', { status: 413, type: 'invalid_request_error', code: 'request_too_large' }],
  [422, '422', invalid],
  [429, '429', {
    status: 429,
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    calls: 3,
  }],
]

// Most of the time passes in waits before retries.
describe('POST /v1/chat/completions when OCI fails', { concurrency: true }, () => {
  for (const stream of [false, true]) {
    const how = stream ? 'E16 before a stream: ' : ''
    for (
      const [name, upstream, { calls = 1, message, status, ...expected }] of [
        ...cases,
        ...passedOn.map(([status, code, expected]): Case => [
          `E15 keeps the class of status ${status}`,
          oci(status, code, 'no'),
          { ...invalid, message: /no/, ...expected },
        ]),
      ]
    ) {
      it(`${how}${name}`, async () => {
        const { fail } = await openTestGateway({ upstream: chatOnly(upstream) })
        const { sent, error, ...answer } = await fail({ ...BODY, stream })
        assert.equal(answer.status, status)
        assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
        assert.match(error.message, message)
        assert.deepEqual(error, { message: error.message, param: null, ...expected })
        assert.equal(sent.length, calls)
      })
    }
  }

  const waits: [retryAfter: string | undefined, expected: string, calls: number][] = [
    [undefined, '1', 3],
    ['0', '1', 3],
    ['soon', '1', 3],
    ['60', '60', 1],
  ]
  for (const [retryAfter, expected, calls] of waits) {
    it(`E06 sends Retry-After ${expected} after a 429 with ${retryAfter}`, async () => {
      const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
      const { fail } = await openTestGateway({
        upstream: oci(429, 'TooManyRequests', 'Too many', headers),
      })
      const { sent, ...answer } = await fail(BODY)
      assert.equal(answer.headers.get('retry-after'), expected)
      assert.equal(sent.length, calls)
    })
  }

  it('E06 E08 succeeds when a retry succeeds', async () => {
    const { ask } = await openTestGateway()
    for (const fault of ['status=429', 'status=500', 'status=503 page']) {
      const content = `Hi [[sim:${fault} times=2 key=${fault.replace(' ', '-')}]]`
      const { sent } = await ask({ ...BODY, messages: [{ role: 'user', content }] })
      assert.equal(sent.length, 3)
    }
  })

  it('E09 answers 502 when OCI sends half an answer', async () => {
    const { fail } = await openTestGateway({ config: { timeouts: { idleSeconds: 0.1 } } })
    const content = 'Hi [[sim:stall-after=0]]'
    const { status, error } = await fail({ ...BODY, messages: [{ role: 'user', content }] })
    assert.deepEqual([status, error.type, error.code], [504, 'timeout_error', 'upstream_timeout'])
  })

  it('E14 suggests similar names for a mistyped model and calls no other model', async () => {
    const { fail } = await openTestGateway()
    const { status, error, sent, calls } = await fail({
      ...BODY,
      model: 'meta.lama-3.3-70b-instrukt',
    })
    assert.deepEqual([status, error.type, error.code], [404, 'not_found_error', 'model_not_found'])
    assert.match(error.message, /"meta\.lama-3\.3-70b-instrukt"/)
    assert.match(error.message, /Nearest names: "meta\.llama-3\.3-70b-instruct"/)
    assert.equal(sent.length, 1)
    assert.deepEqual(
      calls.filter(({ method }) => method === 'POST').map(({ json }) => json['servingMode']),
      [{ servingType: 'ON_DEMAND', modelId: 'meta.lama-3.3-70b-instrukt' }],
    )
  })
})

/** Messages with the limit that OCI names; the gateway then reports that limit only (C6). */
const WORDINGS: [wording: string, limit?: number][] = [
  ['too many tokens: total number of tokens in the prompt exceeds the limit of 4081', 4081],
  ['The input token count (9) exceeds the maximum number of tokens allowed (8).'],
  ['prompt is too long: 200001 tokens > 200000 maximum', 200000],
  ["This model's maximum context length is 131072 tokens, 140000 were requested", 131072],
  ["This model's maximum prompt length is 8 but the request contains 9 tokens. context length"],
  ['Please reduce the length of the messages or completion.'],
]

describe('POST /v1/chat/completions reports a prompt that is too long', () => {
  for (const status of [400, 413]) {
    for (const [wording, limit = 128000] of WORDINGS) {
      it(`E07 C6: returns context_length_exceeded for ${status} "${wording.slice(0, 30)}…"`, async () => {
        const { fail } = await openTestGateway({ upstream: oci(status, '400', wording) })
        const { error, sent, ...answer } = await fail(BODY)
        assert.equal(answer.status, 400)
        const sentence = `This model's maximum context length is ${limit} tokens. `
        assert.ok(error.message.startsWith(sentence), error.message)
        assert.equal(error.message.includes('128000'), limit === 128000)
        assert.deepEqual(error, {
          message: error.message,
          type: 'invalid_request_error',
          param: null,
          code: 'context_length_exceeded',
        })
        assert.equal(sent.length, 1)
      })
    }
  }

  for (const model of [MODEL, 'xai.grok-3', 'openai.gpt-5', 'google.gemini-2.5-pro']) {
    it(`E07 recognizes the message of OCI for ${model}`, async () => {
      const { fail } = await openTestGateway()
      const content = 'Hi [[sim:context-length]]'
      for (const stream of [true, false]) {
        const { error, ...answer } = await fail({
          model,
          messages: [{ role: 'user', content }],
          stream,
        })
        assert.deepEqual([answer.status, error.code], [400, 'context_length_exceeded'])
        assert.match(error.message, /^This model's maximum context length is \d+ tokens\. /)
      }
    })
  }
})

type Route = [method: string, path: string, status: number, code: string, allow: string | null]

const routes: Route[] = [
  ['GET', '/nowhere', 404, 'not_found', null],
  ['POST', '/v1/nowhere', 404, 'not_found', null],
  ['POST', '/v1/v1/chat/completions', 404, 'not_found', null],
  ['GET', '/v1/chat/completions', 405, 'method_not_allowed', 'POST'],
  ['DELETE', '/chat/completions', 405, 'method_not_allowed', 'POST'],
  ['POST', '/v1/models', 405, 'method_not_allowed', 'GET'],
  ['POST', '/health', 405, 'method_not_allowed', 'GET'],
]

describe('the gateway', () => {
  for (const [method, path, status, code, allow] of routes) {
    it(`E17 answers ${method} ${path} with ${status}`, async () => {
      const { fetch } = await openTestGateway()
      const response = await fetch(path, { method })
      const { error } = await response.json()
      assert.equal(response.status, status)
      assert.equal(response.headers.get('allow'), allow)
      const type = status === 404 ? 'not_found_error' : 'invalid_request_error'
      assert.deepEqual(error, { message: error.message, type, param: null, code })
    })
  }

  for (const hasLength of [true, false]) {
    it(`E18 rejects a body above the limit ${hasLength ? 'with' : 'without'} content-length`, async () => {
      const { fail, fetch, calls } = await openTestGateway({
        config: { limits: { maxBodyMiB: 0.001 } },
      })
      const long = { ...BODY, messages: [{ role: 'user', content: 'x'.repeat(2_000) }] }
      const bytes = new TextEncoder().encode(JSON.stringify(long))
      const response = await fetch('/v1/chat/completions', {
        method: 'POST',
        ...(hasLength
          ? { headers: { 'content-length': String(bytes.length) }, body: bytes }
          : { body: new Blob([bytes]).stream(), duplex: 'half' }),
      })
      const { error } = await response.json()
      assert.deepEqual(
        [response.status, error.type, error.code],
        [413, 'invalid_request_error', 'request_too_large'],
      )
      assert.deepEqual(calls, [])
      await assert.rejects(fail(BODY), /status 200/)
    })
  }
})

describe('openGateway()', () => {
  it('E19 uses the tenancy when no compartment is configured', async () => {
    const { ask } = await openTestGateway()
    const { calls: [call] } = await ask(BODY)
    assert.equal(call?.json['compartmentId'], TENANCY)
  })

  it('E19 uses the configured compartment', async () => {
    const compartment = 'ocid1.compartment.oc1..aaaaaaaacases'
    const { ask } = await openTestGateway({ env: { OCI_COMPARTMENT_ID: compartment } })
    const { calls: [call] } = await ask(BODY)
    assert.equal(call?.json['compartmentId'], compartment)
  })

  const settings: [name: string, env: Record<string, string | undefined>, named: RegExp][] = [
    ['a compartment', { OCI_COMPARTMENT_ID: 'mine' }, /OCI_COMPARTMENT_ID: must be an OCID/],
    ['a missing user', { OCI_CLI_USER: undefined }, /OCI_CLI_USER/],
    ['a missing key', { OCI_CLI_KEY_CONTENT: undefined }, /OCI_CLI_KEY_CONTENT/],
    ['a fingerprint of another key', {
      OCI_CLI_FINGERPRINT: '00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff',
    }, /fingerprint/],
    ['an endpoint', { OCI_GENAI_ENDPOINT: 'http://example.com' }, /OCI_GENAI_ENDPOINT: must be/],
    ['a port', { PORT: 'many' }, /PORT: must be a number/],
    ['two at once', { PORT: 'many', LOG_LEVEL: 'loud' }, /PORT: [^]*LOG_LEVEL: /],
  ]
  for (const [what, env, named] of settings) {
    it(`E19 names the invalid setting: ${what}`, async () => {
      await assert.rejects(openTestGateway({ env }), (error) => {
        assert.ok(error instanceof ApiError)
        assert.deepEqual([error.code, error.status], ['configuration_error', 500])
        assert.match(error.message, named)
        return true
      })
    })
  }
})

const KEY = IDENTITY.OCI_CLI_KEY_CONTENT.split('\n')[3] ?? ''
const SECRET = `${TENANCY} ${USER} ${IDENTITY.OCI_CLI_KEY_CONTENT}`
const leaks: [name: string, upstream: Upstream][] = [
  ['OCI quotes the identity', oci(401, 'NotAuthenticated', `No such key ${TENANCY}/${USER}/ab`)],
  [
    'OCI quotes the identity in a 400',
    oci(400, '400', `Invalid tenancy: ${TENANCY}, user ${USER}`),
  ],
  ['the network fails', () => Promise.reject(new Error(SECRET))],
  ['fetch resolves with something else than a response', () => Promise.resolve(Object(SECRET))],
  ['an answer is cut', () => new Response(`{"chatResponse":"${SECRET}`)],
]

describe('an error', () => {
  for (const [name, upstream] of leaks) {
    for (const stream of [true, false]) {
      it(`E20 contains no secret and no stack when ${name}${stream ? ', streamed' : ''}`, async () => {
        const { fail, lines } = await openTestGateway({ upstream, env: { LOG_LEVEL: 'debug' } })
        const { error, headers } = await fail({ ...BODY, stream })
        const received = JSON.stringify([error, [...headers]])
        for (const secret of [TENANCY, USER, KEY, '/src/', '.ts:']) {
          assert.ok(!received.includes(secret), `the error contains "${secret}"`)
        }
        assert.ok(!lines.join('').includes(KEY))
      })
    }
  }

  it('E20 does not name the exception behind a defect', async () => {
    const { fail } = await openTestGateway({
      upstream: () => {
        throw Object.assign(new RangeError(SECRET), { name: 'RangeError' })
      },
    })
    const { error } = await fail(BODY)
    assert.ok(!error.message.includes('RangeError'))
  })

  it('E20 does not occur when the call succeeds', async () => {
    const { ask } = await openTestGateway({ upstream: saying(text('fine')) })
    const { reply } = await ask(BODY)
    assert.equal(reply.choices[0]?.message.content, 'fine')
  })
})

/** Applies `upstream` to chats only; the simulator answers for the model list. */
function chatOnly(upstream: Upstream): Upstream {
  return (call) => call.method === 'POST' ? upstream(call) : undefined
}
