import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ApiKey, apiKey } from '../../../src/oci/auth/api-key.ts'
import { requestSigner } from '../../../src/oci/signing/request-signer.ts'
import { importPrivateKey } from '../../../src/oci/signing/private-key.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }
import published from '../../vectors/published.json' with { type: 'json' }
import signing from '../../vectors/signing.json' with { type: 'json' }

const { rsa2048, rsa3072 } = keys.keys
const KEY: ApiKey = {
  tenancy: 'ocid1.tenancy.oc1..aaaa',
  user: 'ocid1.user.oc1..aaaa',
  fingerprint: rsa2048.fingerprint,
  privateKey: rsa2048.pkcs8Pem,
}

const malformed: [name: string, changes: Partial<ApiKey>, message: string][] = [
  ['a tenancy', { tenancy: 'secret' }, 'Cannot use the API key: its tenancy is not an OCID'],
  ['a user', { user: 'a"b.c.d.e' }, 'Cannot use the API key: its user is not an OCID'],
  [
    'a fingerprint',
    { fingerprint: 'secret' },
    'Cannot use the API key: its fingerprint is not 16 hexadecimal pairs',
  ],
]

describe('apiKey()', () => {
  it("A01 signs like Oracle's SDK", async () => {
    const vector = signing.vectors.find(({ id }) => id === 'get-with-query')
    assert.ok(vector?.auth.tenancy && vector.auth.user)
    const { tenancy, user } = vector.auth
    const credential = await apiKey({ ...KEY, tenancy, user })
    const url = new URL(vector.request.url)
    assert.deepEqual(
      await credential({ method: 'GET', url, date: Date.parse(vector.date) }),
      { authorization: vector.expected.authorization, 'x-date': vector.date },
    )
  })

  for (const vector of published.vectors) {
    it(`A01 uses the key and the key id of Oracle's published example: ${vector.id}`, async () => {
      const { tenancy, user, fingerprint, privateKeyPem } = published
      const options = { tenancy, user, fingerprint, privateKey: privateKeyPem }
      const credential = await apiKey(options, { fingerprint: false })
      const { authorization } = await credential(anyRequest())
      assert.ok(authorization?.includes(`keyId="${published.keyId}"`))
      const { key } = await importPrivateKey(privateKeyPem)
      // 5 January 2014 was not a Thursday, so no clock produces this date.
      const text = new TextEncoder().encode(vector.signingString)
      const signature = new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, text))
      assert.equal(btoa(String.fromCharCode(...signature)), vector.signature)
      assert.ok(vector.authorization.includes(`signature="${vector.signature}"`))
    })
  }

  it('A11 names both fingerprints when they differ', async () => {
    await assert.rejects(apiKey({ ...KEY, privateKey: rsa3072.pkcs8Pem }), {
      name: 'ApiError',
      code: 'configuration_error',
      reason: 'fingerprint_mismatch',
      message: `Cannot use the API key: the configured fingerprint is "${rsa2048.fingerprint}", ` +
        `but the private key has "${rsa3072.fingerprint}". Use the key that belongs to the ` +
        'fingerprint, or upload this one: oci iam user api-key upload',
    })
  })

  it('A11 compares fingerprints in any form', async () => {
    const expected = await (await apiKey(KEY))(anyRequest())
    const plain = rsa2048.fingerprint.replaceAll(':', '')
    for (const fingerprint of [` ${rsa2048.fingerprint.toUpperCase()}\n`, plain]) {
      const credential = await apiKey({ ...KEY, fingerprint })
      assert.deepEqual(await credential(anyRequest()), expected)
    }
  })

  it('A24 imports the key once, not for each request', async () => {
    const imports = await countImports(async () => {
      const credential = await apiKey(KEY)
      await Promise.all(Array.from({ length: 20 }, () => credential(anyRequest())))
    })
    assert.deepEqual(imports, ['pkcs8'])
  })

  it('creates a credential that signs like requestSigner()', async () => {
    const { key } = await importPrivateKey(KEY.privateKey)
    const keyId = `${KEY.tenancy}/${KEY.user}/${KEY.fingerprint}`
    assert.deepEqual(
      await (await apiKey(KEY))(anyRequest()),
      await requestSigner({ keyId, key })(anyRequest()),
    )
  })

  for (const [name, changes, message] of malformed) {
    it(`rejects ${name} that is malformed, without quoting it`, async () => {
      await assert.rejects(apiKey({ ...KEY, ...changes }), {
        code: 'configuration_error',
        reason: 'malformed_identity',
        message,
      })
    })
  }

  it('A08 rejects an encrypted key with a wrong passphrase', async () => {
    const privateKey = rsa2048.pkcs1Pem.replace(
      '\n',
      '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,000102030405060708090A0B0C0D0E0F\n\n',
    )
    await assert.rejects(apiKey({ ...KEY, privateKey, passphrase: 'x' }), {
      reason: 'bad_passphrase',
    })
  })
})

function anyRequest() {
  const body = new TextEncoder().encode('{}')
  return { method: 'POST', url: new URL('https://a.b/c'), body, date: 0 }
}

/** The formats of all keys that are imported while `work` runs. */
async function countImports(work: () => Promise<void>): Promise<string[]> {
  const { subtle } = crypto
  const real = subtle.importKey
  let formats: string[] = []
  const counting = (...call: Parameters<SubtleCrypto['importKey']>) => {
    formats = [...formats, call[0]]
    return real.apply(subtle, call)
  }
  Object.defineProperty(subtle, 'importKey', { value: counting, configurable: true })
  try {
    await work()
  } finally {
    Reflect.deleteProperty(subtle, 'importKey')
  }
  return formats
}
