import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failureCode, failureKind } from '../../src/diagnosis/probe.ts'

/** Errors of `fetch` as the runtimes throw them (recorded). */
const failures: [runtime: string, message: string, code: string | undefined, expected: string][] = [
  ['Node', 'certificate has expired', 'CERT_HAS_EXPIRED', 'expired'],
  ['Node', 'unable to verify', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted'],
  ['Node', 'self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted'],
  ['Node', 'getaddrinfo ENOTFOUND nohost.invalid', 'ENOTFOUND', 'dns'],
  ['Node', 'other side closed', 'UND_ERR_SOCKET', 'unknown'],
  ['Bun', 'Proxy refused to open a tunnel: 502 no', 'ERR_PROXY_TUNNEL', 'proxy'],
  [
    'Deno',
    'error sending request for url (https://localhost:18801/): client error (Connect): ' +
    'invalid peer certificate: UnknownIssuer',
    undefined,
    'untrusted',
  ],
  [
    'Deno',
    'error sending request for url (https://localhost:18802/): client error (Connect): invalid ' +
    'peer certificate: certificate expired: verification time 1795950434 (UNIX)',
    undefined,
    'expired',
  ],
  [
    'Deno',
    'client error (Connect): invalid peer certificate: certificate not valid for name "localhost"',
    undefined,
    'other name',
  ],
  [
    'Deno',
    'client error (Connect): tcp connect error: Connection refused (os error 111)',
    undefined,
    'tcp',
  ],
  [
    'Deno',
    'client error (Connect): dns error: failed to lookup address information: Name or service ' +
    'not known',
    undefined,
    'dns',
  ],
]

describe('failureKind()', () => {
  for (const [runtime, message, code, expected] of failures) {
    it(`finds "${expected}" in the error of ${runtime}: ${message.slice(-40)}`, () => {
      const cause = Object.assign(new Error(message), code !== undefined && { code })
      const error = runtime === 'Bun' ? cause : new TypeError('fetch failed', { cause })
      assert.equal(failureKind(failureCode(error)), expected)
    })
  }

  it('finds a timeout', () => {
    const error = new DOMException('The operation timed out', 'TimeoutError')
    assert.equal(failureCode(error), 'ETIMEDOUT')
  })
})
