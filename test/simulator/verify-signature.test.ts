import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Call, type Caller, chatBody, createCaller, message, NOW } from './caller.ts'

const MINUTE = 60_000
const FULL = ['date', '(request-target)', 'host', 'content-length', 'content-type']
const BODY = chatBody('xai.grok-3', { messages: [message('USER', 'Hi')], maxTokens: 50 })
const TARGET = { path: '/20231130/models?compartmentId=ocid1.compartment.oc1..x', method: 'GET' }
const MALFORMED = 'malformed Authorization header'
const WRONG = 'wrong signature'
const SPACED =
  'Signature version="1", keyId="a", algorithm="rsa-sha256", headers="host", signature="AAAA"'
const SWAPPED = 'host x-date (request-target) content-length content-type x-content-sha256'

const accepted: [name: string, call: Call][] = [
  ['accepts x-date', {}],
  ['accepts date', { headers: dated(NOW), signed: [...FULL, 'x-content-sha256'] }],
  ['accepts any order', {
    signed: ['x-content-sha256', 'content-length', 'host', '(request-target)', 'x-date'].concat(
      'content-type',
    ),
  }],
  ['accepts further signed headers', {
    headers: { 'opc-obo-token': 'abc' },
    signed: [...FULL.with(0, 'x-date'), 'x-content-sha256', 'opc-obo-token'],
  }],
  ['accepts unsigned headers', { headers: { 'accept': 'text/event-stream' } }],
  ['accepts capital letters in the list of headers', {
    parameters: {
      headers: 'x-date (request-target) host Content-Length Content-Type x-content-sha256',
    },
  }],
  ['accepts a date five minutes old', { date: NOW - 5 * MINUTE }],
  ['accepts a date five minutes ahead', { date: NOW + 5 * MINUTE }],
  ['accepts a GET without body headers', TARGET],
]

const refused: [name: string, call: Call, reason: string][] = [
  ['rejects a header without parameters', { headers: { authorization: 'Signature' } }, MALFORMED],
  ['rejects a bearer key', { headers: { authorization: 'Bearer sk-1' } }, MALFORMED],
  ['rejects spaces between parameters', { headers: { authorization: SPACED } }, MALFORMED],
  ['rejects broken base64', { parameters: { signature: 'not base64!' } }, MALFORMED],
  ['rejects another version', { parameters: { version: '2' } }, 'unknown version "2"'],
  ['rejects another algorithm', { parameters: { algorithm: 'hmac' } }, 'unknown algorithm "hmac"'],
  [
    'requires a date signed',
    { signed: [...FULL.slice(1), 'x-content-sha256'] },
    'date is not signed',
  ],
  ['requires the host signed', {
    signed: ['x-date', '(request-target)', ...FULL.slice(3), 'x-content-sha256'],
  }, 'host is not signed'],
  ['requires the request target signed', {
    ...TARGET,
    signed: ['x-date', 'host'],
  }, '(request-target) is not signed'],
  ['requires the length signed', {
    signed: ['x-date', ...FULL.slice(1, 3), 'content-type', 'x-content-sha256'],
  }, 'content-length is not signed'],
  ['requires the type signed', {
    signed: ['x-date', ...FULL.slice(1, 4), 'x-content-sha256'],
  }, 'content-type is not signed'],
  [
    'requires the hash signed',
    { signed: FULL.with(0, 'x-date') },
    'x-content-sha256 is not signed',
  ],
  ['requires a signed header', {
    signed: [...FULL.with(0, 'x-date'), 'x-content-sha256', 'opc-obo-token'],
  }, 'signed header "opc-obo-token" is missing'],
  ['rejects a date in another format', {
    headers: { 'x-date': '2026-11-22T12:00:00Z' },
  }, 'malformed date "2026-11-22T12:00:00Z"'],
  ['rejects a date too old', { date: NOW - 5 * MINUTE - 1000 }, 'clock skew'],
  ['rejects a date too far ahead', { date: NOW + 5 * MINUTE + 1000 }, 'clock skew'],
  ['rejects an unknown key', { parameters: { keyId: 'a/b/c' } }, 'unknown keyId "a/b/c"'],
  ['rejects the hash of another body', {
    headers: { 'x-content-sha256': '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
  }, 'wrong x-content-sha256'],
  ['rejects a wrong length', { headers: { 'content-length': '7' } }, 'wrong signature'],
  ['rejects another order than the signed one', { parameters: { headers: SWAPPED } }, WRONG],
  ['rejects another signature', { parameters: { signature: 'AAAA' } }, WRONG],
]

describe('verifySignature()', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, call] of accepted) {
    it(name, async () => {
      const response = await caller.send({ body: BODY, ...call })
      assert.equal(response.status, 200, await response.text())
    })
  }

  for (const [name, call, reason] of refused) {
    it(name, async () => {
      const response = await caller.send({ body: BODY, ...call })
      const { code } = await response.json()
      const refusal = caller.errors.at(-1)
      assert.deepEqual([response.status, code, refusal?.reason], [401, 'NotAuthenticated', reason])
    })
  }

  it('returns its clock for a wrong date', async () => {
    const response = await caller.send({ body: BODY, date: NOW - 20 * MINUTE })
    assert.deepEqual(await response.json(), {
      code: 'NotAuthenticated',
      message: "Date 'Sun, 22 Nov 2026 11:40:00 UTC' is not within allowed clock skew. " +
        "Current 'Sun, 22 Nov 2026 12:00:00 UTC', valid datetime range: " +
        "['Sun, 22 Nov 2026 11:55:00 UTC', 'Sun, 22 Nov 2026 12:05:00 UTC']",
    })
  })

  it('does not disclose the problem of a signature', async () => {
    const response = await caller.send({ body: BODY, parameters: { signature: 'AAAA' } })
    assert.deepEqual(await response.json(), {
      code: 'NotAuthenticated',
      message: 'Failed to verify the HTTP(S) Signature',
    })
  })

  it('rejects a request without any authorization', async () => {
    const request = new Request('http://127.0.0.1/20231130/models')
    assert.equal((await caller.fetch(request)).status, 401)
    assert.equal(caller.errors.at(-1)?.reason, 'no Authorization header')
  })

  it('rejects a modified body', async () => {
    const sent = await signedRequest(caller)
    const changed = new Request(sent.url, {
      method: 'POST',
      headers: sent.headers,
      body: (await sent.text()).replace('Hi', 'Ho'),
    })
    assert.equal((await caller.fetch(changed)).status, 401)
    assert.equal(caller.errors.at(-1)?.reason, 'wrong x-content-sha256')
  })
})

/** A valid request, before it is sent. */
async function signedRequest(caller: Caller): Promise<Request> {
  await caller.send({ body: BODY })
  const seen = caller.seen.at(-1)
  assert.ok(seen)
  return new Request(`http://127.0.0.1:4010${seen.path}`, {
    method: seen.method,
    headers: seen.headers,
    body: seen.body,
  })
}

function dated(time: number): Record<string, string> {
  return { date: new Date(time).toUTCString() }
}
