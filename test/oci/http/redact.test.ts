import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { redactorFor } from '../../../src/oci/http/redact.ts'
import { cpuTimeOf } from '../../cpu-time.ts'

const TENANCY = 'ocid1.tenancy.oc1..aaaatenancy'
const USER = 'ocid1.user.oc1..aaaauser'
const FINGERPRINT = '0f:'.repeat(15) + 'a9'
const SIGNATURE = `${'aB3/xY+z'.repeat(12)}==`
const KEY_ID = `${TENANCY}/${USER}/${FINGERPRINT}`
const SIGNED = `Signature version="1",keyId="${KEY_ID}",algorithm="rsa-sha256",` +
  `headers="x-date host",signature="${SIGNATURE}"`
const JWT = `eyJhbGciOiJSUzI1NiJ9.${'payload'.repeat(12)}.${'sign-_'.repeat(12)}`

type Case = [
  name: string,
  headers: Record<string, string>,
  body: string | undefined,
  text: string,
  redacted: string,
]

const cases: Case[] = [
  ['an authorization', { authorization: SIGNED }, undefined, `got ${SIGNED}!`, 'got [redacted]!'],
  [
    'its signature and key id',
    { Authorization: SIGNED },
    undefined,
    `a ${SIGNATURE} b ${KEY_ID} c ${FINGERPRINT} d`,
    'a [redacted] b [redacted] c [redacted] d',
  ],
  [
    'an escaped signature',
    { authorization: SIGNED },
    undefined,
    `a ${SIGNATURE.replaceAll('/', '\\/')} b ${encodeURIComponent(SIGNATURE)} c`,
    'a [redacted] b [redacted] c',
  ],
  [
    'a bearer key',
    { authorization: 'Bearer sk-oci-1234' },
    undefined,
    'Invalid key sk-oci-1234',
    'Invalid key [redacted]',
  ],
  [
    'the token of a key id',
    { authorization: `Signature version="1",keyId="ST$${JWT}",signature="${SIGNATURE}"` },
    undefined,
    `a ${JWT} b ST$${JWT} c`,
    'a [redacted] b [redacted] c',
  ],
  [
    'the beginning of a token',
    { 'opc-obo-token': JWT },
    undefined,
    `bad token ${JWT.slice(0, 40)}…, ${JWT.slice(0, 20)}`,
    'bad token [redacted]…, [redacted]',
  ],
  [
    'a security context',
    { 'security-context': 'context-of-a-resource' },
    undefined,
    '"context-of-a-resource"',
    '"[redacted]"',
  ],
  [
    'the secret of an application',
    { authorization: `Basic ${btoa('app-of-us:secret-of-us')}` },
    undefined,
    `secret-of-us, ${btoa('app-of-us:secret-of-us')}`,
    '[redacted], [redacted]',
  ],
  [
    'a token in a form',
    {},
    new URLSearchParams({ subject_token: JWT, x: 'y' }).toString(),
    `y: ${JWT}`,
    'y: [redacted]',
  ],
  [
    'a token in JSON',
    {},
    JSON.stringify({ currentToken: JWT, other: 1 }),
    `1: ${JWT}`,
    '1: [redacted]',
  ],
]

describe('redactorFor()', () => {
  for (const [name, headers, body, text, redacted] of cases) {
    it(`F14: removes ${name}`, () => assert.equal(redactorFor(headers, body)(text), redacted))
  }

  it('F14: keeps ordinary words', () => {
    const keyId = 'resource/v2.1/ocid1.fnfunc.oc1..aaaaaaaa'
    const authorization = `Signature version="1",keyId="${keyId}",signature="${SIGNATURE}"`
    const text = 'Signature of the requested resource not found: Bearer'
    assert.equal(redactorFor({ authorization, 'x-date': 'found' })(text), text)
  })

  it('F14: takes linear time', () => {
    const redact = redactorFor({ authorization: SIGNED, 'opc-obo-token': JWT })
    const text = `${SIGNATURE.slice(0, 16)}${JWT.slice(0, 16)}`.repeat(50_000)
    assert.ok(cpuTimeOf(() => redact(text)) < 2_000)
  })
})
