import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { type Bytes, concatBytes, encodeBase64 } from '../../../src/oci/signing/bytes.ts'
import { objectIdOf, readDer, TAG, writeDer } from '../../../src/oci/signing/der.ts'
import { importPrivateKey } from '../../../src/oci/signing/private-key.ts'
import { asyncCpuTimeOf } from '../../cpu-time.ts'

const PBES2 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d]
const PBKDF2 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c]
const SCRYPT = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b]
const AES_256_CBC = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a]
const SALT = writeDer(TAG.octetString, new Uint8Array(16))

const invalid: [name: string, derivation: Bytes, message: RegExp][] = [
  ['4,000,000,000 PBKDF2 iterations', pbkdf2(4_000_000_000), /4000000000 PBKDF2 iterations/],
  ['10,000,001 PBKDF2 iterations', pbkdf2(10_000_001), /but at most 10000000 are allowed/],
  [
    'scrypt with 1 GiB',
    scrypt(2 ** 20, 8, 1),
    /1025 MiB of memory for scrypt, but at most 256 MiB are allowed/,
  ],
  ['scrypt with large blocks', scrypt(2, 2 ** 30, 1), /MiB of memory for scrypt/],
  [
    'scrypt with many passes',
    scrypt(16_384, 8, 17),
    /17 scrypt passes, but at most 16 are allowed/,
  ],
  ['scrypt with 2^31 passes', scrypt(2, 1, 2 ** 31), /MiB of memory for scrypt/],
]

describe('derivePbes2Key()', () => {
  for (const [name, derivation, message] of invalid) {
    for (const passphrase of ['secret', undefined]) {
      it(`F14: rejects ${name} before deriving a key, ${passphrase ? 'with' : 'without'} a passphrase`, async () => {
        let error: unknown
        const ms = await asyncCpuTimeOf(async () => {
          error = await importPrivateKey(pemOf(derivation), passphrase).catch((thrown) => thrown)
        })
        assert.ok(ms < 1_000, `${ms} ms`)
        assert.ok(error instanceof ApiError)
        assert.equal(error.code, 'configuration_error')
        assert.equal(error.reason, 'key_derivation_limit')
        assert.match(error.message, message)
        assert.match(error.message, /Encrypt it again with: openssl/)
      })
    }
  }

  it('F14: rejects an object identifier of a million bytes', () => {
    const name = writeDer(TAG.objectId, new Uint8Array(1_000_000))
    assert.throws(() => objectIdOf(readDer(name)), { reason: 'bad_der' })
  })
})

function pbkdf2(iterations: number): Bytes {
  const parameters = writeDer(TAG.sequence, SALT, integer(iterations))
  return writeDer(TAG.sequence, objectId(PBKDF2), parameters)
}

function scrypt(cost: number, blockSize: number, passes: number): Bytes {
  const numbers = [cost, blockSize, passes].map(integer)
  return writeDer(TAG.sequence, objectId(SCRYPT), writeDer(TAG.sequence, SALT, ...numbers))
}

function pemOf(derivation: Bytes): string {
  const iv = writeDer(TAG.octetString, new Uint8Array(16))
  const cipher = writeDer(TAG.sequence, objectId(AES_256_CBC), iv)
  const parameters = writeDer(TAG.sequence, derivation, cipher)
  const algorithm = writeDer(TAG.sequence, objectId(PBES2), parameters)
  const data = writeDer(TAG.octetString, new Uint8Array(32))
  const body = encodeBase64(writeDer(TAG.sequence, algorithm, data))
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${body}\n-----END ENCRYPTED PRIVATE KEY-----\n`
}

function objectId(bytes: readonly number[]): Bytes {
  return writeDer(TAG.objectId, Uint8Array.from(bytes))
}

function integer(value: number): Bytes {
  const hex = value.toString(16)
  const bytes = Uint8Array.from(
    hex.padStart(hex.length + hex.length % 2, '0').match(/../g) ?? [],
    (pair) => Number.parseInt(pair, 16),
  )
  return writeDer(TAG.integer, concatBytes(Uint8Array.of(0), bytes))
}
