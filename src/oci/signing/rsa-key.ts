import { md5 } from '@noble/hashes/legacy.js'
import { type Bytes, concatBytes, encodeHex } from './bytes.ts'
import { childrenOf, contentOf, objectIdOf, readDer, TAG, writeDer } from './der.ts'
import { COMMAND, keyError } from './key-error.ts'

/** `rsaEncryption` (RFC 8017, appendix A.1). */
const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'

/** The AlgorithmIdentifier of RSA keys: the object identifier above and a NULL. */
const RSA_ALGORITHM: Bytes = writeDer(
  TAG.sequence,
  concatBytes(
    writeDer(TAG.objectId, Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01)),
    writeDer(TAG.null),
  ),
)

const OTHER_ALGORITHMS = new Map([
  ['1.2.840.113549.1.1.10', 'an RSA-PSS'],
  ['1.2.840.10040.4.1', 'a DSA'],
  ['1.2.840.10045.2.1', 'an EC'],
  ['1.3.101.110', 'an X25519'],
  ['1.3.101.112', 'an Ed25519'],
  ['1.3.101.113', 'an Ed448'],
])

/** Returns the PKCS#1 private key inside a PKCS#8 one, as a view on the same bytes. */
export function unwrapPkcs8(pkcs8: Bytes): Bytes {
  const [_version, algorithm, privateKey] = childrenOf(readDer(pkcs8))
  const id = objectIdOf(childrenOf(algorithm)[0])
  if (id !== RSA_ENCRYPTION) throw notRsa(OTHER_ALGORITHMS.get(id) ?? `an unknown ("${id}")`)
  return contentOf(privateKey, TAG.octetString)
}

/** Wraps a PKCS#1 private key in PKCS#8, the only form Web Crypto imports (RFC 5958, section 2). */
export function wrapPkcs1(pkcs1: Bytes): Bytes {
  return writeDer(
    TAG.sequence,
    writeDer(TAG.integer, Uint8Array.of(0)),
    RSA_ALGORITHM,
    writeDer(TAG.octetString, pkcs1),
  )
}

/** Makes the SubjectPublicKeyInfo of a PKCS#1 private key without exporting a CryptoKey. */
export function publicKeyOf(pkcs1: Bytes): Bytes {
  const [_version, modulus, exponent] = childrenOf(readDer(pkcs1))
  const rsaPublicKey = writeDer(
    TAG.sequence,
    writeDer(TAG.integer, contentOf(modulus, TAG.integer)),
    writeDer(TAG.integer, contentOf(exponent, TAG.integer)),
  )
  return writeDer(
    TAG.sequence,
    RSA_ALGORITHM,
    writeDer(TAG.bitString, Uint8Array.of(0), rsaPublicKey),
  )
}

/**
 * OCI's fingerprint of a public key: the MD5 of its SubjectPublicKeyInfo in DER, as the console
 * shows it. MD5 only identifies the key here; security does not depend on it.
 */
export function fingerprintOf(publicKeySpki: Uint8Array): string {
  return encodeHex(md5(publicKeySpki), ':')
}

/** The error for a key of another algorithm. `kind` includes the article: "an EC". */
export function notRsa(kind: string): Error {
  const state = `it is ${kind} key, but OCI accepts only RSA keys. Generate one with: ` +
    COMMAND.generate
  return keyError('not_rsa', `Cannot use the private key: ${state}`)
}
