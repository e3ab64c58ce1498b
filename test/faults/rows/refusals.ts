import { EVENTUALLY } from '../bounds.ts'
import type { Row } from '../row.ts'
import { head, refusal, reply, RESET, send, STALL, UNTIL_READ, whole } from '../script.ts'

const OK = whole(200, reply('Hello'))
const BUSY = (headers?: Record<string, string>) =>
  refusal(429, 'TooManyRequests', 'slow down', headers)
const RIGHT = { status: 200, text: 'Hello' }

/** OCI answers with an error. */
export const REFUSALS: readonly Row[] = [
  {
    id: 'F-U1a',
    title: '429 without Retry-After, then an answer',
    script: [BUSY(), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2] },
  },
  {
    id: 'F-U1b',
    title: '429, every time',
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
    id: 'F-U1c',
    title: '429 with Retry-After: 1, then an answer',
    script: [BUSY({ 'retry-after': '1' }), OK],
    request: {},
    expect: { ...RIGHT, took: [950, EVENTUALLY], deliveries: [2, 2] },
  },
  {
    id: 'F-U1d',
    title: '429 with Retry-After: 3600',
    script: [BUSY({ 'retry-after': '3600' })],
    request: {},
    expect: {
      status: 429,
      took: [0, EVENTUALLY],
      deliveries: [1, 1],
      headers: { 'retry-after': /^3600$/ },
    },
  },
  {
    id: 'F-U1e',
    title: '429 with a Retry-After date in the past, then an answer',
    script: [BUSY({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2] },
  },
  {
    id: 'F-U1f',
    title: '429 with an invalid Retry-After, then an answer',
    script: [BUSY({ 'retry-after': 'soon, please' }), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2] },
  },
  {
    id: 'F-U1g',
    title: '429 with Retry-After: 1000000000',
    script: [BUSY({ 'retry-after': '1000000000' })],
    request: {},
    expect: { status: 429, took: [0, EVENTUALLY], deliveries: [1, 1] },
  },
  {
    id: 'F-U1h',
    title: '429 with retry-after-ms: 700, then an answer',
    script: [BUSY({ 'retry-after-ms': '700' }), OK],
    request: {},
    expect: { ...RIGHT, took: [650, EVENTUALLY], deliveries: [2, 2] },
  },
  {
    id: 'F-U1i',
    title: '429 for a quota, which waiting does not help',
    script: [refusal(429, 'LimitExceeded', 'the quota is used up')],
    request: {},
    expect: { status: 429, deliveries: [1, 1] },
  },
  ...[500, 502, 503, 504].map((status, index): Row => ({
    id: `F-U2${'abcd'[index]}`,
    title: `${status}, then an answer`,
    script: [refusal(status, 'InternalError', 'try again'), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2] },
  })),
  {
    id: 'F-U2e',
    title: '501, which a retry does not help',
    script: [refusal(501, 'NotImplemented', 'never')],
    request: {},
    expect: { status: 502, code: 'upstream_unavailable', deliveries: [1, 1] },
  },
  {
    id: 'F-U2f',
    title: '409 IncorrectState, then an answer',
    script: [refusal(409, 'IncorrectState', 'not now'), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2] },
  },
  {
    id: 'F-U2g',
    title: '409 of another kind',
    script: [refusal(409, 'InvalidatedRetryToken', 'no')],
    request: {},
    expect: { status: [409, 502], deliveries: [1, 1] },
  },
  {
    id: 'F-U2h',
    title: '500, every time: the client gets its code, text and request id',
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
    id: 'F-U2i',
    title: 'all attempts of one request carry the same opc-retry-token',
    script: [refusal(503, 'ServiceUnavailable', 'no'), OK],
    request: {},
    expect: { ...RIGHT, deliveries: [2, 2], sent: { has: /^opc-retry-token: \S+$/m } },
  },
  {
    id: 'F-U10a',
    title: '307 to another path of the same host',
    script: [whole(307, 'elsewhere', { location: '/elsewhere' })],
    request: {},
    expect: { status: 502, code: 'upstream_redirect', deliveries: [1, 1] },
  },
  {
    id: 'F-U10b',
    title: '308 to another host',
    script: [whole(308, 'elsewhere', { location: 'https://thief.example/' })],
    request: { body: { stream: true } },
    expect: { status: 502, code: 'upstream_redirect', deliveries: [1, 1], lacks: /thief/ },
  },
  {
    id: 'F-U10c',
    title: '301 without a location',
    script: [whole(301, 'elsewhere')],
    request: {},
    expect: { status: 502, code: 'upstream_redirect', deliveries: [1, 1] },
  },
  {
    id: 'F-U12a',
    title: '401 for an unknown key',
    script: [refusal(401, 'NotAuthenticated', 'The required information was not provided')],
    request: {},
    expect: { status: 502, code: 'upstream_auth_error', deliveries: [1, 2] },
  },
  {
    id: 'F-U13',
    title: '404 NotAuthorizedOrNotFound',
    script: [refusal(404, 'NotAuthorizedOrNotFound', 'Authorization failed or not found')],
    request: {},
    expect: { status: 404, code: 'model_not_found', raw: /region.*policy/s, deliveries: [1, 1] },
  },
  {
    id: 'F-U14a',
    title: 'an error with a body of 64 MiB',
    heavy: true,
    gateway: 'default',
    script: [[
      send(head(400, { 'content-type': 'text/html', 'content-length': String(64 * 2 ** 20) })),
      { do: 'flood', bytes: 'x'.repeat(64 * 1024), times: 1024 },
    ]],
    request: {},
    expect: { status: 400, pulled: 16, grows: 32, deliveries: [1, 1] },
  },
  {
    id: 'F-U14b',
    title: 'an error whose body never arrives',
    gateway: 'shortTimeouts',
    script: [[send(head(400, { 'content-type': 'text/html', 'content-length': '100' })), STALL]],
    request: {},
    expect: { status: [400, 502, 504], took: [0, EVENTUALLY], deliveries: [1, 1] },
  },
  {
    id: 'F-U14c',
    title: 'an error whose body is cut off',
    script: [[send(head(400, { 'content-length': '100' }) + '{"code":"4'), UNTIL_READ, RESET]],
    request: {},
    expect: { status: [400, 502], deliveries: [1, 3] },
  },
  {
    id: 'F-U14d',
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
    id: 'F-U15a',
    title: '60 requests that fail: few are retried, most are not sent',
    gateway: 'retryLimits',
    script: [refusal(503, 'ServiceUnavailable', 'out of order')],
    request: { times: 60 },
    expect: {
      status: [502, 503],
      deliveries: [10, 30],
      headers: { 'x-should-retry': /^false$/ },
    },
  },
  {
    id: 'F-U15b',
    title: 'after a model has failed repeatedly: another model is served',
    gateway: 'retryLimits',
    script: [OK],
    request: {},
    expect: { ...RIGHT, deliveries: [1, 1] },
  },
]
