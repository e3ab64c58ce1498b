import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { SignableRequest } from '../../../src/oci/signing/credential.ts'
import { requestSigner } from '../../../src/oci/signing/request-signer.ts'
import { importPrivateKey } from '../../../src/oci/signing/private-key.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }
import vectors from '../../vectors/signing.json' with { type: 'json' }

const DATE = Date.parse('2026-07-14T09:26:53.999Z')
const EMPTY_SHA256 = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
/** The gateway sends GET, POST and DELETE, and always signs the body. */
const signable = vectors.vectors.filter(({ request }) =>
  ['GET', 'POST', 'DELETE'].includes(request.method) && !request.excludeBody
)
const cryptoKeys = new Map<string, CryptoKey>()

before(async () => {
  for (const [id, { pkcs8Pem }] of Object.entries(keys.keys)) {
    cryptoKeys.set(id, (await importPrivateKey(pkcs8Pem)).key)
  }
})

describe('requestSigner()', () => {
  for (const vector of signable) {
    it(`A01 signs like Oracle's SDK: ${vector.id}`, async () => {
      const { auth, expected, request } = vector
      const sign = requestSigner({ keyId: vector.keyId, key: keyOf(vector.key) }, {
        ...('delegationToken' in auth ? { oboToken: auth.delegationToken } : {}),
      })
      const { authorization, ...headers } = await sign({
        method: request.method,
        url: new URL(request.url),
        body: request.body === null ? undefined : new TextEncoder().encode(request.body),
        contentType: request.headers['content-type'],
        date: Date.parse(vector.date),
      })
      assert.equal(authorization, withLowerCaseNames(expected.authorization))
      assert.deepEqual(headers, headersToAdd(vector))
    })
  }

  it('A01 writes version "1", the key id, the algorithm, the header names and the signature', async () => {
    const { authorization } = await signer()(get('https://a.b/c'))
    assert.match(
      authorization ?? '',
      /^Signature version="1",keyId="t\/u\/f",algorithm="rsa-sha256",headers="x-date \(request-target\) host",signature="[A-Za-z0-9+/]{342}=="$/,
    )
  })

  it('A02 hashes the bytes of the body without changing them', async () => {
    const body = new TextEncoder().encode('{"text": "é日本"}')
    const copy = body.slice()
    const headers = await signer()({ ...post(), body })
    assert.equal(headers['x-content-sha256'], '/4yNPQyHm7YT4eMSp/PZEehP+wmuX5ivVcL7/akxtZk=')
    assert.deepEqual(body, copy)
  })

  it('A02 hashes a small body with the hash of the request, a large one with Web Crypto', async () => {
    const sha256 = () => 'own'
    const small = await signer()({ ...post(), body: new Uint8Array(256 * 1024), sha256 })
    const large = await signer()({ ...post(), body: new Uint8Array(256 * 1024 + 1), sha256 })
    assert.equal(small['x-content-sha256'], 'own')
    assert.equal(large['x-content-sha256']?.length, EMPTY_SHA256.length)
  })

  it('A03 hashes an empty body and an absent one alike', async () => {
    const absent = await signer()(post())
    assert.equal(absent['x-content-sha256'], EMPTY_SHA256)
    assert.deepEqual(await signer()({ ...post(), body: new Uint8Array() }), absent)
  })

  it('A05 signs x-date by default and date on request', async () => {
    const usual = await signer()(get('https://a.b/c'))
    assert.deepEqual(Object.keys(usual), ['authorization', 'x-date'])
    assert.equal(usual['x-date'], 'Tue, 14 Jul 2026 09:26:53 GMT')
    const { authorization, ...headers } = await requestSigner(
      { keyId: 't/u/f', key: keyOf('rsa2048') },
      { dateHeader: 'date' },
    )(get('https://a.b/c'))
    assert.deepEqual(headers, { date: 'Tue, 14 Jul 2026 09:26:53 GMT' })
    assert.match(authorization ?? '', /headers="date \(request-target\) host"/)
  })

  it('trims the content type, since fetch does', async () => {
    const headers = await signer()({ ...post(), contentType: ' text/plain ' })
    assert.equal(headers['content-type'], 'text/plain')
    assert.deepEqual(headers, await signer()({ ...post(), contentType: 'text/plain' }))
  })

  for (const keyId of ['', 'a"b', 'a\nb', 'a\r\nx: y', 'a b', 'a\x00', 'a\x7f', 'é']) {
    it(`rejects the key id ${JSON.stringify(keyId)}`, () => {
      assert.throws(() => requestSigner({ keyId, key: keyOf('rsa2048') }), {
        code: 'configuration_error',
        reason: 'bad_key_id',
      })
    })
  }

  for (const method of ['get', 'patch', 'PUT', 'PATCH', 'HEAD', 'TRACE', 'OPTIONS', '']) {
    it(`rejects the method "${method}"`, async () => {
      await assert.rejects(signer()({ ...post(), method }), {
        code: 'internal_error',
        message: `Cannot sign a "${method}" request: unsupported method`,
      })
    })
  }

  it('rejects plain HTTP to another machine', async () => {
    await assert.rejects(signer()(get('http://a.b/c')), { reason: 'insecure_url' })
  })
})

function keyOf(id: string): CryptoKey {
  const key = cryptoKeys.get(id)
  assert.ok(key)
  return key
}

function signer() {
  return requestSigner({ keyId: 't/u/f', key: keyOf('rsa2048') })
}

function get(url: string): SignableRequest {
  return { method: 'GET', url: new URL(url), date: DATE }
}

function post(): SignableRequest {
  return { method: 'POST', url: new URL('https://a.b/c'), date: DATE }
}

/** Oracle's SDK capitalizes two names in the parameter but signs them in lower case. */
function withLowerCaseNames(authorization: string): string {
  return authorization.replace(/headers="[^"]*"/, (names) => names.toLowerCase())
}

/** The headers that Oracle's SDK set, without those that the runtime adds. */
function headersToAdd({ auth, expected }: (typeof vectors.vectors)[number]) {
  const signed = expected.signedHeaders.map((name) => name.toLowerCase())
  const { host: _host, 'content-length': _length, ...headers } = lowerCased(expected.requestHeaders)
  const kept = Object.entries(headers).filter(([name]) => signed.includes(name))
  const token = 'delegationToken' in auth ? { 'opc-obo-token': auth.delegationToken } : {}
  return { ...Object.fromEntries(kept), ...token }
}

function lowerCased(headers: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).map(([name, v]) => [name.toLowerCase(), v]))
}
