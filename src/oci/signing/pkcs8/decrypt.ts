import { decryptAes } from '../aes.ts'
import type { Bytes } from '../bytes.ts'
import { childrenOf, contentOf, type DerElement, objectIdOf, readDer, TAG } from '../der/read.ts'
import { unsupportedEncryption } from '../passphrase.ts'
import { deriveKey } from './derive-key.ts'

const PBES2 = '1.2.840.113549.1.5.13'

/** AES in CBC mode (NIST), with the length of the key in bits. */
const CIPHERS = new Map([
  ['2.16.840.1.101.3.4.1.2', 128],
  ['2.16.840.1.101.3.4.1.22', 192],
  ['2.16.840.1.101.3.4.1.42', 256],
])

const OTHER_SCHEMES = new Map([
  ['1.2.840.113549.3.7', 'DES-EDE3-CBC'],
  ['1.3.14.3.2.7', 'DES-CBC'],
  ['1.2.840.113549.1.5.3', 'PBES1 with MD5 and DES-CBC'],
  ['1.2.840.113549.1.5.10', 'PBES1 with SHA-1 and DES-CBC'],
  ['1.2.840.113549.1.12.1.3', 'PKCS#12 with SHA-1 and DES-EDE3-CBC'],
])

/** The PKCS#8 key inside an EncryptedPrivateKeyInfo (RFC 8018, appendix A.4: PBES2). */
export async function decryptPkcs8(encrypted: Bytes, passphrase?: string): Promise<Bytes> {
  const [algorithm, data] = childrenOf(readDer(encrypted))
  const [scheme, parameters] = childrenOf(algorithm)
  if (objectIdOf(scheme) !== PBES2) throw unsupported(scheme)
  const [derivation, cipher] = childrenOf(parameters)
  const { bits, iv } = readCipher(cipher)
  const key = await deriveKey(derivation, bits, passphrase)
  return decryptAes(key, iv, contentOf(data, TAG.octetString))
}

function readCipher(cipher: DerElement | undefined): { bits: number; iv: Bytes } {
  const [name, iv] = childrenOf(cipher)
  const bits = CIPHERS.get(objectIdOf(name))
  if (bits === undefined) throw unsupported(name)
  return { bits, iv: contentOf(iv, TAG.octetString) }
}

function unsupported(name: DerElement | undefined): Error {
  const id = objectIdOf(name)
  return unsupportedEncryption(OTHER_SCHEMES.get(id) ?? id)
}
