import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { encodeBase64 } from '../../../src/oci/signing/bytes.ts'
import { importPrivateKey } from '../../../src/oci/signing/private-key.ts'
import formats from '../../vectors/key-formats.json' with { type: 'json' }
import keys from '../../vectors/keys.json' with { type: 'json' }
import published from '../../vectors/published.json' with { type: 'json' }

const { rsa2048 } = keys.keys
const supported = formats.entries.filter(({ expect, webCryptoOnly }) =>
  expect && !webCryptoOnly.startsWith('unsupported')
)
const unsupported = formats.entries.filter(({ webCryptoOnly }) =>
  webCryptoOnly.startsWith('unsupported')
)
const invalid = formats.entries.flatMap((entry) =>
  entry.expectError ? [{ ...entry, reason: REASONS().get(entry.expectError) }] : []
)

const openSsh =
  '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----'
const oddForms: [name: string, pem: string, passphrase?: string][] = [
  ['base64 of a PEM', btoa(rsa2048.pkcs8Pem)],
  ['base64 of a PEM, in lines', btoa(rsa2048.pkcs8Pem).replace(/.{76}/g, '$&\n')],
  ['single quotes', `'${rsa2048.pkcs8Pem}'`],
  ['CRLF and the label line', `${rsa2048.pkcs8Pem.replaceAll('\n', '\r\n')}OCI_API_KEY`],
  ['an encrypted key with spaces for newlines', spaced('trad-aes256'), 'Correct-Horse_9!'],
  ['an encrypted key with escaped newlines', escaped('trad-aes128'), 'Correct-Horse_9!'],
]

const messages: [name: string, pem: string, reason: string, message: RegExp][] = [
  ['an EC key', byId('err-ec-key'), 'not_rsa', /an EC key.*openssl genrsa/],
  ['an Ed25519 key', byId('err-ed25519-key'), 'not_rsa', /an Ed25519 key/],
  ['a public key', rsa2048.spkiPem, 'public_key', /it is a public key \("PUBLIC KEY"\)/],
  ['an OpenSSH key', openSsh, 'unsupported_pem', /in OpenSSH format.*ssh-keygen -p/],
  [
    'a certificate',
    '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----',
    'unsupported_pem',
    /its PEM label is "CERTIFICATE"/,
  ],
  ['3DES', byId('trad-des3'), 'unsupported_encryption', /"DES-EDE3-CBC".*openssl pkcs8 -topk8/],
  ['single DES', byId('trad-des'), 'unsupported_encryption', /"DES-CBC".*-provider legacy/],
  ['a key without its passphrase', byId('trad-aes256'), 'passphrase_missing', /"pass_phrase"/],
  ['characters that are not base64', withBody('MII*'), 'bad_der', /not base64/],
  ['missing padding', withBody('MIIE'.slice(0, 3)), 'bad_der', /not base64/],
  ['truncated DER', withBody('MIIE'), 'bad_der', /its data is damaged/],
]

describe('importPrivateKey()', () => {
  for (const [id, key] of Object.entries(keys.keys)) {
    it(`A06 A07 reads ${id} from PKCS#8 and PKCS#1, with its fingerprint`, async () => {
      for (const pem of [key.pkcs8Pem, key.pkcs1Pem]) {
        const { key: imported, fingerprint, publicKeySpki } = await importPrivateKey(pem)
        assert.deepEqual(
          [fingerprint, encodeBase64(publicKeySpki)],
          [key.fingerprint, key.spkiDerBase64],
        )
        assert.deepEqual([imported.extractable, imported.usages], [false, ['sign']])
      }
    })
  }

  for (const { id, pem, passphrase, expect } of supported) {
    it(`A08 A09 reads ${id}`, async () => {
      assert.deepEqual(await signed(pem, passphrase ?? undefined), expected(expect))
    })
  }

  for (const [name, pem, passphrase] of oddForms) {
    it(`A09 reads ${name}`, async () => {
      assert.deepEqual(await signed(pem, passphrase), expected(formats.entries[0]?.expect))
    })
  }

  for (const { id, pem, passphrase } of unsupported) {
    it(`rejects ${id} with a command that converts it`, async () => {
      const error = await failure(pem, passphrase ?? undefined)
      assert.equal(error.reason, 'unsupported_encryption')
      assert.match(error.message, /openssl pkcs8 -topk8/)
    })
  }

  for (const { id, pem, passphrase, reason } of invalid) {
    it(`rejects ${id} as ${reason}`, async () => {
      const error = await failure(pem, passphrase ?? undefined)
      assert.deepEqual([error.code, error.reason], ['configuration_error', reason])
    })
  }

  for (const [name, pem, reason, message] of messages) {
    it(`explains the problem with ${name}`, async () => {
      const error = await failure(pem)
      assert.equal(error.reason, reason)
      assert.match(error.message, message)
    })
  }

  it('A08 reports a wrong passphrase, also when it leaves valid padding', async () => {
    // About two of 600 wrong passphrases leave valid padding; then only the content reveals it.
    for (let attempt = 0; attempt < 600; attempt++) {
      const error = await failure(byId('trad-aes128'), `wrong ${attempt}`)
      assert.equal(error.message, 'Cannot decrypt the private key: wrong passphrase')
    }
  })

  it('A08 never includes any part of the key in an error', async () => {
    const pems = formats.entries.map(({ pem }) => pem)
    const errors = await Promise.all(
      pems.map((pem) => failure(pem, 'wrong').catch(() => undefined)),
    )
    const texts = errors.map((error) => `${error?.stack} ${error?.cause}`).join()
    const pieces = pems.flatMap((pem) => pem.match(/[A-Za-z0-9+/]{40}/g) ?? [])
    assert.deepEqual(pieces.filter((piece) => texts.includes(piece)), [])
  })

  it('explains that the runtime limits PBKDF2 iterations, as deployed Workers do', async () => {
    const refuse = () => Promise.reject(new DOMException('too many', 'NotSupportedError'))
    const subtle = crypto.subtle
    Object.defineProperty(subtle, 'deriveBits', { value: refuse, configurable: true })
    try {
      const error = await failure(byId('enc-pkcs8-iter600000'), 'Correct-Horse_9!')
      assert.equal(error.reason, 'pbkdf2_iterations')
      assert.match(error.message, /refuses 600000 PBKDF2 iterations.*-nocrypt/)
    } finally {
      Reflect.deleteProperty(subtle, 'deriveBits')
    }
  })

  it('wipes the decrypted and the wrapped bytes after the import', async () => {
    const { decrypt, importKey } = crypto.subtle
    let seen: ArrayBuffer[] = []
    const wrapped = {
      async decrypt(...call: Parameters<SubtleCrypto['decrypt']>) {
        const plain = await decrypt.apply(crypto.subtle, call)
        seen = [...seen, plain]
        return plain
      },
      importKey(...call: Parameters<SubtleCrypto['importKey']>) {
        const [format, data] = call
        if (format === 'pkcs8' && data instanceof Uint8Array) seen = [...seen, data.buffer]
        return importKey.apply(crypto.subtle, call)
      },
    }
    for (const [name, value] of Object.entries(wrapped)) {
      Object.defineProperty(crypto.subtle, name, { value, configurable: true })
    }
    try {
      await importPrivateKey(byId('enc-pkcs8-openssl3-default'), 'Correct-Horse_9!')
    } finally {
      for (const name of Object.keys(wrapped)) Reflect.deleteProperty(crypto.subtle, name)
    }
    assert.deepEqual(seen.map((buffer) => buffer.byteLength), [1217, 1217])
    assert.ok(seen.every((buffer) => new Uint8Array(buffer).every((byte) => byte === 0)))
  })

  it("reads Oracle's published 1024-bit key", async () => {
    const { fingerprint } = await importPrivateKey(published.privateKeyPem)
    assert.equal(fingerprint, published.fingerprintComputed)
  })
})

/** The error reason for each error class of the vectors. */
function REASONS() {
  return new Map([
    ['passphrase_required', 'passphrase_missing'],
    ...['bad_passphrase', 'public_key', 'no_pem', 'truncated', 'bad_der', 'not_rsa']
      .map((reason) => [reason, reason] as const),
  ])
}

async function signed(pem: string, passphrase?: string) {
  const { key, fingerprint } = await importPrivateKey(pem, passphrase)
  const data = new TextEncoder().encode(formats.request.signingString)
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, data)
  return { fingerprint, signature: encodeBase64(new Uint8Array(signature)) }
}

function expected(expect: { fingerprint: string; signature: string } | undefined) {
  return { fingerprint: expect?.fingerprint, signature: expect?.signature }
}

async function failure(pem: string, passphrase?: string): Promise<ApiError> {
  const thrown = await importPrivateKey(pem, passphrase).then(
    () => assert.fail('the key was accepted'),
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof ApiError)
  return thrown
}

function byId(id: string): string {
  const pem = formats.entries.find((entry) => entry.id === id)?.pem
  assert.ok(pem)
  return pem
}

function spaced(id: string): string {
  return byId(id).replace(/\s+/g, ' ')
}

function escaped(id: string): string {
  return byId(id).replaceAll('\n', '\\n')
}

function withBody(body: string): string {
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`
}
