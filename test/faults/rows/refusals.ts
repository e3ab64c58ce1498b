import type { Row } from '../row.ts'
import { head, refusal, reply, RESET, send, STALL, whole } from '../script.ts'

const OK = whole(200, reply('Hello'))
const BUSY = (headers?: Record<string, string>) =>
  refusal(429, 'TooManyRequests', 'slow down', headers)
const RIGHT = { status: 200, text: 'Hello' }

/** OCI answers, and refuses. */
export const REFUSALS: readonly Row[] = [
  {
    id: 'U1a',
    title: '429 without Retry-After, then an answer',
    script: [BUSY(), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2] },
  },
  {
    id: 'U1b',
    title: '429 for ever',
    script: [BUSY()],
    request: {},
    expect: {
      status: 429,
      code: 'rate_limit_exceeded',
      deliveries: [2, 3],
      headers: { 'retry-after': /^[1-9]\d*$/, 'x-should-retry': /^false$/ },
    },
  },
  {
    id: 'U1c',
    title: '429 with Retry-After: 1, then an answer',
    script: [BUSY({ 'retry-after': '1' }), OK],
    request: {},
    expect: { ...RIGHT, took: [950, 4_000], deliveries: [2, 2] },
  },
  {
    id: 'U1d',
    title: '429 with Retry-After: 3600',
    script: [BUSY({ 'retry-after': '3600' })],
    request: {},
    expect: {
      status: 429,
      took: [0, 900],
      deliveries: [1, 1],
      headers: { 'retry-after': /^3600$/ },
    },
  },
  {
    id: 'U1e',
    title: '429 with a Retry-After that is a date gone by, then an answer',
    script: [BUSY({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2] },
  },
  {
    id: 'U1f',
    title: '429 with a Retry-After of garbage, then an answer',
    script: [BUSY({ 'retry-after': 'soon, please' }), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2] },
  },
  {
    id: 'U1g',
    title: '429 with Retry-After: 1000000000',
    script: [BUSY({ 'retry-after': '1000000000' })],
    request: {},
    expect: { status: 429, took: [0, 900], deliveries: [1, 1] },
  },
  {
    id: 'U1h',
    title: '429 with retry-after-ms: 700, then an answer',
    script: [BUSY({ 'retry-after-ms': '700' }), OK],
    request: {},
    expect: { ...RIGHT, took: [650, 4_000], deliveries: [2, 2] },
  },
  {
    id: 'U1i',
    title: '429 for a limit that waiting does not lift',
    script: [refusal(429, 'LimitExceeded', 'the quota is used up')],
    request: {},
    expect: { status: 429, deliveries: [1, 1] },
  },
  ...[500, 502, 503, 504].map((status, index): Row => ({
    id: `U2${'abcd'[index]}`,
    title: `${status}, then an answer`,
    script: [refusal(status, 'InternalError', 'try again'), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2] },
  })),
  {
    id: 'U2e',
    title: '501, which no second try helps',
    script: [refusal(501, 'NotImplemented', 'never')],
    request: {},
    expect: { status: 502, code: 'upstream_unavailable', deliveries: [1, 1] },
  },
  {
    id: 'U2f',
    title: '409 IncorrectState, then an answer',
    script: [refusal(409, 'IncorrectState', 'not now'), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2] },
  },
  {
    id: 'U2g',
    title: '409 of another kind',
    script: [refusal(409, 'InvalidatedRetryToken', 'no')],
    request: {},
    expect: { status: [409, 502], deliveries: [1, 1] },
  },
  {
    id: 'U2h',
    title: '500 for ever: its code, its text and its id are told',
    script: [refusal(500, 'InternalError', 'out of order')],
    request: { body: { stream: true } },
    expect: {
      status: 502,
      code: 'upstream_unavailable',
      deliveries: [2, 3],
      raw: /out of order.*OPC\/FAULT/s,
    },
  },
  {
    id: 'U2i',
    title: 'all attempts of one request carry the same opc-retry-token',
    script: [refusal(503, 'ServiceUnavailable', 'no'), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2], sent: { has: /^opc-retry-token: \S+$/m } },
  },
  {
    id: 'U10a',
    title: '307 to another path of the same host',
    script: [whole(307, 'elsewhere', { location: '/elsewhere' })],
    request: {},
    expect: { status: 502, code: 'upstream_redirect', deliveries: [1, 1] },
  },
  {
    id: 'U10b',
    title: '308 to another host',
    script: [whole(308, 'elsewhere', { location: 'https://thief.example/' })],
    request: { body: { stream: true } },
    expect: { status: 502, code: 'upstream_redirect', deliveries: [1, 1], lacks: /thief/ },
  },
  {
    id: 'U10c',
    title: '301 to nowhere',
    script: [whole(301, 'elsewhere')],
    request: {},
    expect: { status: 502, code: 'upstream_redirect', deliveries: [1, 1] },
  },
  {
    id: 'U12a',
    title: '401 for a key that OCI does not know',
    script: [refusal(401, 'NotAuthenticated', 'The required information was not provided')],
    request: {},
    expect: { status: 502, code: 'upstream_auth_error', deliveries: [1, 2] },
  },
  {
    id: 'U13',
    title: '404 NotAuthorizedOrNotFound',
    script: [refusal(404, 'NotAuthorizedOrNotFound', 'Authorization failed or not found')],
    request: {},
    expect: { status: 404, code: 'model_not_found', raw: /region.*policy/s, deliveries: [1, 1] },
  },
  {
    id: 'U14a',
    title: 'an error whose body is 64 MiB',
    alone: true,
    script: [[
      send(head(400, { 'content-type': 'text/html', 'content-length': String(64 * 2 ** 20) })),
      { do: 'flood', bytes: 'x'.repeat(64 * 1024), times: 1024 },
    ]],
    request: {},
    expect: { status: 400, pulled: 16, grows: 32, deliveries: [1, 1] },
  },
  {
    id: 'U14b',
    title: 'an error whose body never comes',
    script: [[send(head(400, { 'content-type': 'text/html', 'content-length': '100' })), STALL]],
    request: {},
    expect: { status: [400, 502, 504], took: [0, 4_000], deliveries: [1, 1] },
  },
  {
    id: 'U14c',
    title: 'an error whose body is cut off',
    script: [[send(head(400, { 'content-length': '100' }) + '{"code":"4'), RESET]],
    request: {},
    expect: { status: [400, 502], deliveries: [1, 3] },
  },
  {
    id: 'U14d',
    title: 'an error with line breaks, control characters and an OCID in its text',
    script: [
      refusal(400, '400', 'bad\r\n\u0000 \u001b[31m ocid1.user.oc1..abc', {
        'opc-request-id': 'A\tB é',
      }),
    ],
    request: {},
    expect: { status: 400, lacks: /user\.oc1\.\.abc|\\u0000|\\u001b/, deliveries: [1, 1] },
  },
  {
    id: 'U15a',
    title: '60 requests that all fail: few are repeated, most not even sent',
    gateway: 'thrifty',
    alone: true,
    script: [refusal(503, 'ServiceUnavailable', 'out of order')],
    request: { times: 60 },
    expect: {
      status: [502, 503],
      deliveries: [10, 30],
      headers: { 'x-should-retry': /^false$/ },
    },
  },
  {
    id: 'U15b',
    title: 'a model that fails again and again: another model is not kept away',
    gateway: 'thrifty',
    alone: true,
    script: [OK],
    request: {},
    expect: { ...RIGHT, deliveries: [1, 1] },
  },
]
