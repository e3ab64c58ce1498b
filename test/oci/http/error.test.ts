import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError, type ErrorCode } from '../../../src/errors.ts'
import { type ErrorBody, readErrorBody } from '../../../src/oci/http/error-body.ts'
import {
  decodeError,
  decodeFailure,
  errorBodyOf,
  readRetryAfter,
} from '../../../src/oci/http/error.ts'
import { cpuTimeOf } from '../../cpu-time.ts'

type Case = [
  name: string,
  body: Partial<ErrorBody>,
  expected: { code: ErrorCode; status: number; message: string; param?: string },
]

const NOT_FOUND = 'Possible causes: the model does not exist or is retired, it is not served in ' +
  'this region, the compartment is wrong, or a policy is missing: ' +
  '"Allow group G to use generative-ai-family in compartment C"'
const CHECK_KEY = 'Check that the key is uploaded for this user, that the fingerprint belongs to ' +
  'the key, and that user and tenancy are of the same realm'
const SKEW = "Date 'Sat, 07 Jun 2025 02:29:45 UTC' is not within allowed clock skew. " +
  "Current 'Sat, 07 Jun 2025 02:19:45 UTC', valid datetime range: ['…', '…']"

const cases: Case[] = [
  ['E01 keeps the text, and adds a hint to an uninformative one', {
    status: 400,
    code: '400',
    message: 'Please pass in correct format of request.',
  }, {
    code: 'invalid_request',
    status: 400,
    message: 'Please pass in correct format of request. (OCI gives no details; "acme.one" ' +
      'may not support one of the parameters)',
  }],
  ['names the invalid parameter', {
    status: 400,
    message: 'temperature must be at most 2',
    param: 'temperature',
  }, {
    code: 'invalid_request',
    status: 400,
    message: 'temperature must be at most 2',
    param: 'temperature',
  }],
  ['has a text for a rejection without one', { status: 422 }, {
    code: 'invalid_request',
    status: 400,
    message: 'OCI rejected the request: status 422',
  }],
  ["reports a 401 as a 502, because the key is the gateway's", {
    status: 401,
    code: 'NotAuthenticated',
    message: 'The required information was not provided.',
  }, {
    code: 'upstream_auth_error',
    status: 502,
    message: `Cannot authenticate to OCI: The required information was not provided. ${CHECK_KEY}`,
  }],
  ['reports that the clock is wrong', { status: 401, message: SKEW }, {
    code: 'upstream_auth_error',
    status: 502,
    message: `Cannot authenticate to OCI: ${SKEW}. The clock of this machine is wrong: set it, ` +
      'for example with "timedatectl set-ntp true"',
  }],
  ['reports a missing permission', { status: 403, message: 'no' }, {
    code: 'permission_denied',
    status: 403,
    message: 'Cannot use OCI Generative AI: not permitted: no',
  }],
  ['E05 lists the possible causes of a 404', {
    status: 404,
    code: 'NotAuthorizedOrNotFound',
    message: 'Authorization failed or requested resource not found.',
  }, {
    code: 'model_not_found',
    status: 404,
    message: 'Cannot find the model "acme.one": Authorization failed or requested resource not ' +
      `found. ${NOT_FOUND}`,
  }],
  ['reports a timeout of OCI', { status: 408 }, {
    code: 'upstream_timeout',
    status: 504,
    message: 'OCI answered with status 408',
  }],
  ['reports a conflict', { status: 409, code: 'IncorrectState', message: 'busy' }, {
    code: 'upstream_unavailable',
    status: 502,
    message: 'OCI answered with status 409: busy',
  }],
  ['reports a request that is too large', { status: 413, message: 'Too large' }, {
    code: 'request_too_large',
    status: 413,
    message: 'Too large',
  }],
  ['E06 reports a rate limit', { status: 429, message: 'Too many requests' }, {
    code: 'rate_limit_exceeded',
    status: 429,
    message: 'Rate limit exceeded: Too many requests',
  }],
  ['E13 recognizes a content filter by the text', {
    status: 400,
    message: 'Blocked by content policy',
  }, {
    code: 'content_filter',
    status: 400,
    message: 'Blocked by content policy',
  }],
  ['E13 recognizes a content filter by the code', {
    status: 400,
    code: 'content_filter',
    message: 'no',
  }, {
    code: 'content_filter',
    status: 400,
    message: 'no',
  }],
  ...[500, 501, 502, 503].map((status): Case => [
    `E08 reports OCI as unavailable: ${status}`,
    { status },
    {
      code: 'upstream_unavailable',
      status: 502,
      message: `OCI answered with status ${status}`,
    },
  ]),
  ['E08 reports a gateway timeout of OCI', { status: 504, message: 'late' }, {
    code: 'upstream_timeout',
    status: 504,
    message: 'OCI answered with status 504: late',
  }],
  ['rejects a switch of protocols', { status: 101, message: '' }, {
    code: 'upstream_invalid_response',
    status: 502,
    message: 'OCI rejected the request: status 101',
  }],
  ['A23 does not follow a redirect', { status: 302, message: 'see https://evil.example' }, {
    code: 'upstream_redirect',
    status: 502,
    message: 'OCI answered with a redirect (status 302), which the gateway does not follow',
  }],
  ['does not confuse too many images with too many tokens', {
    status: 400,
    message: 'The number of images exceeds the maximum of 10',
  }, {
    code: 'invalid_request',
    status: 400,
    message: 'The number of images exceeds the maximum of 10',
  }],
  ['does not confuse a large max_tokens with a long prompt', {
    status: 400,
    message: 'max_tokens exceeds the maximum allowed value 4000',
    param: 'max_tokens',
  }, {
    code: 'invalid_request',
    status: 400,
    message: 'max_tokens exceeds the maximum allowed value 4000',
    param: 'max_tokens',
  }],
]

/** `limit`: the number in OCI's text, which is then the only one in the error (C6). */
const TOO_LONG: [status: number, message: string, limit?: number][] = [
  [400, "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens"],
  [400, 'too many tokens: total number of tokens in the prompt cannot exceed 4081', 4081],
  [
    400,
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    1048576,
  ],
  [400, 'prompt is too long: 140000 tokens'],
  [400, 'Input is too long for requested model.'],
  [400, 'Please reduce the length of the messages or completion.'],
  [
    400,
    "This model's maximum prompt length is 131072 but the request contains 200000 tokens.",
    131072,
  ],
  [400, 'prompt is too long: 215,000 tokens > 200,000 maximum', 200000],
  [400, 'This model has a context window of 131,072 tokens, which is exceeded', 131072],
  [413, 'Input is too long: 9000 tokens'],
  [400, 'Requested token limit exceeded'],
  [413, 'The prompt exceeds the maximum context window'],
  [400, 'longer than max_model_len'],
]

const SECRETS: [name: string, text: string, shown: string][] = [
  [
    'without a tenancy',
    'in tenancy ocid1.tenancy.oc1..aaaabbbb now',
    'in tenancy ocid1.tenancy.… now',
  ],
  ['without a user', 'user ocid1.user.oc1..aaaa_b-c, key x', 'user ocid1.user.…, key x'],
  [
    'with a compartment, which the operator must know',
    'in ocid1.compartment.oc1..aaaa',
    'in ocid1.compartment.oc1..aaaa',
  ],
  ['without a fingerprint', `key ${'0f:'.repeat(15)}A9 x`, 'key [fingerprint] x'],
  ['without a longer fingerprint', `key ${'0f:'.repeat(31)}a9 x`, 'key [fingerprint] x'],
  ['without line breaks', 'a\r\nb\tc\u0000d', 'a b c d'],
  ['up to 1,000 characters', 'x'.repeat(2_000), 'x'.repeat(1_000)],
]

describe('decodeError()', () => {
  for (const [name, body, expected] of cases) {
    it(name, () => {
      const { code, status, message, param } = decodeError(bodyOf(body), { model: 'acme.one' })
      assert.deepEqual({ code, status, message, param }, { param: undefined, ...expected })
    })
  }

  for (const [status, message, limit = 8192] of TOO_LONG) {
    it(`E07 C6: recognizes a conversation that is too long: ${message}`, () => {
      const call = { contextWindow: 8192 }
      const error = decodeError(bodyOf({ status, message }), call)
      assert.deepEqual([error.code, error.status, error.message], [
        'context_length_exceeded',
        400,
        `This model's maximum context length is ${limit} tokens. ${message}`,
      ])
    })
  }

  it('E07 reports it without a number if the limit is unknown', () => {
    const error = decodeError(bodyOf({ status: 400, message: 'too many tokens' }), {})
    assert.equal(error.message, "This model's maximum context length is exceeded. too many tokens")
  })

  for (const [name, text, shown] of SECRETS) {
    it(`E20 shows the text ${name}`, () => {
      assert.equal(decodeError(bodyOf({ status: 400, message: text }), {}).message, shown)
    })
  }

  it('F14: reads long texts in linear time', () => {
    for (const word of ['token ', 'exceeds the maximum ', 'prompt\n', '0f:', 'maximum ', '1,']) {
      const message = word.repeat(1_000_000 / word.length)
      const decode = () => decodeError(readErrorBody(400, JSON.stringify({ message })), {})
      assert.ok(cpuTimeOf(decode) < 1_000, word)
    }
  })

  it("keeps OCI's answer, the id of the call and the requested delay", () => {
    const body = bodyOf({ status: 429, code: 'TooManyRequests', message: 'no' })
    const error = decodeError(body, {}, { opcRequestId: 'A/B', retryAfter: 7 })
    const { reason, opcRequestId, retryAfter } = error
    assert.deepEqual({ reason, opcRequestId, retryAfter }, {
      reason: 'TooManyRequests',
      opcRequestId: 'A/B',
      retryAfter: 7,
    })
    assert.equal(errorBodyOf(error), body)
  })
})

describe('decodeFailure()', () => {
  it('E06 reads the answer and its headers', async () => {
    const headers = { 'opc-request-id': 'A/B', 'retry-after': '3' }
    const response = new Response('{"code":"429","message":"no"}', { status: 429, headers })
    const error = await decodeFailure(response, {})
    const { code, message, opcRequestId, retryAfter } = error
    assert.deepEqual({ code, message, opcRequestId, retryAfter }, {
      code: 'rate_limit_exceeded',
      message: 'Rate limit exceeded: no',
      opcRequestId: 'A/B',
      retryAfter: 3,
    })
  })

  it('E06 reads the requested delay, preferably in milliseconds', async () => {
    const delays: [headers: Record<string, string>, seconds: number | undefined][] = [
      [{ 'retry-after-ms': '1500', 'retry-after': '3' }, 1.5],
      [{ 'retry-after-ms': 'soon', 'retry-after': '3' }, 3],
      [{ 'retry-after-ms': '-1' }, undefined],
      [{}, undefined],
    ]
    for (const [headers, seconds] of delays) {
      const error = await decodeFailure(new Response('{}', { status: 429, headers }), {})
      assert.equal(error.retryAfter, seconds)
    }
  })

  it('E08 reads an HTML page', async () => {
    const error = await decodeFailure(new Response('<html>502</html>', { status: 502 }), {})
    assert.equal(error.message, 'OCI answered with status 502')
  })

  it('uses the status if the answer is cut off', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('cut')) })
    const error = await decodeFailure(new Response(body, { status: 503 }), {})
    assert.equal(error.code, 'upstream_unavailable')
  })
})

describe('errorBodyOf()', () => {
  const none = [
    new ApiError('internal_error', 'x'),
    new ApiError('internal_error', 'x', { cause: new Error('y') }),
    new Error('x', { cause: { status: 400 } }),
    undefined,
  ]
  for (const error of none) {
    it(`finds no answer of OCI behind ${error}`, () => {
      assert.equal(errorBodyOf(error), undefined)
    })
  }
})

const NOW = Date.UTC(2026, 10, 22, 12)

const WAITS: [value: string | null, seconds: number | undefined][] = [
  ['7', 7],
  ['0', 0],
  ['0.2', 1],
  ['-1', undefined],
  ['', undefined],
  [' ', undefined],
  [null, undefined],
  ['soon', undefined],
  ['Infinity', undefined],
  ['Sun, 22 Nov 2026 12:00:30 GMT', 30],
  ['Sun, 22 Nov 2026 12:20:00 GMT', 1_200],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
]

describe('readRetryAfter()', () => {
  for (const [value, seconds] of WAITS) {
    it(`E06 reads ${JSON.stringify(value)} as ${seconds}`, () => {
      assert.equal(readRetryAfter(value, NOW), seconds)
    })
  }
})

function bodyOf(part: Partial<ErrorBody>): ErrorBody {
  return { status: 400, code: undefined, message: '', param: undefined, ...part }
}
