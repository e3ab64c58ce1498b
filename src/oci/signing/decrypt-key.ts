import { type Bytes, decodeHex } from './bytes.ts'
import { childrenOf, contentOf, type DerElement, objectIdOf, readDer, TAG } from './der.ts'
import { deriveOpenSslKey, derivePbes2Key } from './derive-key.ts'
import { badPassphrase, keyError, unsupportedEncryption } from './key-error.ts'
import { decodePem, type PemBlock } from './pem.ts'

/** The ciphers of `DEK-Info`, with the length of the key in bytes. */
const DEK_CIPHERS = new Map([
  ['AES-128-CBC', 16],
  ['AES-192-CBC', 24],
  ['AES-256-CBC', 32],
])

const PBES2 = '1.2.840.113549.1.5.13'

/** The ciphers of PBES2 (AES in CBC mode, by NIST), with the length of the key in bytes. */
const PBES2_CIPHERS = new Map([
  ['2.16.840.1.101.3.4.1.2', 16],
  ['2.16.840.1.101.3.4.1.22', 24],
  ['2.16.840.1.101.3.4.1.42', 32],
])

const UNSUPPORTED_SCHEMES = new Map([
  ['1.2.840.113549.3.7', 'DES-EDE3-CBC'],
  ['1.3.14.3.2.7', 'DES-CBC'],
  ['1.2.840.113549.1.5.3', 'PBES1 with MD5 and DES-CBC'],
  ['1.2.840.113549.1.5.10', 'PBES1 with SHA-1 and DES-CBC'],
  ['1.2.840.113549.1.12.1.3', 'PKCS#12 with SHA-1 and DES-EDE3-CBC'],
])

/** Decrypts a block in OpenSSL's traditional format, whose `DEK-Info` header names the cipher. */
export async function decryptPem(block: PemBlock, passphrase?: string): Promise<Bytes> {
  const [cipher = '', hex = ''] = block.headers.get('DEK-Info')?.split(',') ?? []
  const length = DEK_CIPHERS.get(cipher.toUpperCase())
  if (length === undefined) throw unsupportedEncryption(cipher)
  const iv = decodeHex(hex)
  if (iv?.length !== 16) {
    throw keyError('bad_der', `Cannot read the "${block.label}": its DEK-Info is damaged`)
  }
  const data = decodePem(block)
  return await decryptAes(deriveOpenSslKey(passphrase, iv.subarray(0, 8), length), iv, data)
}

/** Decrypts an EncryptedPrivateKeyInfo to PKCS#8 (RFC 8018, appendix A.4: PBES2). */
export async function decryptPkcs8(encrypted: Bytes, passphrase?: string): Promise<Bytes> {
  const [algorithm, data] = childrenOf(readDer(encrypted))
  const [scheme, parameters] = childrenOf(algorithm)
  if (objectIdOf(scheme) !== PBES2) throw unsupported(scheme)
  const [derivation, cipher] = childrenOf(parameters)
  const { length, iv } = readCipher(cipher)
  const key = await derivePbes2Key(derivation, length, passphrase)
  return await decryptAes(key, iv, contentOf(data, TAG.octetString))
}

function readCipher(cipher: DerElement | undefined): { length: number; iv: Bytes } {
  const [name, iv] = childrenOf(cipher)
  const length = PBES2_CIPHERS.get(objectIdOf(name))
  if (length === undefined) throw unsupported(name)
  return { length, iv: contentOf(iv, TAG.octetString) }
}

function unsupported(name: DerElement | undefined): Error {
  const id = objectIdOf(name)
  return unsupportedEncryption(UNSUPPORTED_SCHEMES.get(id) ?? id)
}

/**
 * Decrypts with AES-CBC and wipes the bytes of the key. AES-CBC has no checksum: a wrong key is
 * usually, but not always, detected by the padding.
 */
async function decryptAes(keyBytes: Bytes, iv: Bytes, data: Bytes): Promise<Bytes> {
  const key = await importAesKey(keyBytes)
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, data))
  } catch (error) {
    throw badPassphrase(error)
  }
}

async function importAesKey(bytes: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', bytes, 'AES-CBC', false, ['decrypt'])
  } finally {
    bytes.fill(0)
  }
}
