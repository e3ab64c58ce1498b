import { md5 } from '@noble/hashes/legacy.js'
import { decryptAes, importAesKey } from '../aes.ts'
import { type Bytes, concatBytes, decodeHex } from '../bytes.ts'
import { keyError } from '../key-error.ts'
import { passphraseBytes, unsupportedEncryption } from '../passphrase.ts'
import { decodePem, type PemBlock } from './read.ts'

/** Length of the key in bytes. */
const CIPHERS = new Map([
  ['AES-128-CBC', 16],
  ['AES-192-CBC', 24],
  ['AES-256-CBC', 32],
])

/** The bytes of a block that OpenSSL encrypted in its old way, told by the header `DEK-Info`. */
export async function decryptPem(block: PemBlock, passphrase?: string): Promise<Bytes> {
  const [cipher = '', hex = ''] = block.headers.get('DEK-Info')?.split(',') ?? []
  const length = CIPHERS.get(cipher.toUpperCase())
  if (length === undefined) throw unsupportedEncryption(cipher)
  const iv = decodeHex(hex)
  if (iv?.length !== 16) {
    throw keyError('bad_der', `Cannot read the "${block.label}": its DEK-Info is damaged`)
  }
  const data = decodePem(block)
  const secret = passphraseBytes(passphrase)
  try {
    const key = await importAesKey(bytesToKey(secret, iv.subarray(0, 8), length))
    return await decryptAes(key, iv, data)
  } finally {
    secret.fill(0)
  }
}

/** OpenSSL's EVP_BytesToKey with MD5 and one round: each digest goes on from the one before. */
function bytesToKey(secret: Bytes, salt: Bytes, length: number): Bytes {
  const first = md5(concatBytes(secret, salt))
  const second = md5(concatBytes(first, secret, salt))
  return concatBytes(first, second).slice(0, length)
}
