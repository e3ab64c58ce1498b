import type { Bytes } from '../bytes.ts'
import { childrenOf, contentOf, readDer, TAG } from '../der/read.ts'
import { writeDer } from '../der/write.ts'
import { RSA_ALGORITHM } from './rsa-algorithm.ts'

/** The SubjectPublicKeyInfo that belongs to a PKCS#1 private key; no key is exported for it. */
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
