import type { Bytes } from '../bytes.ts'
import { TAG } from '../der/read.ts'
import { writeDer } from '../der/write.ts'
import { RSA_ALGORITHM } from './rsa-algorithm.ts'

/** A PKCS#1 private key as PKCS#8, the only form Web Crypto imports (RFC 5958, section 2). */
export function wrapPkcs1(pkcs1: Bytes): Bytes {
  return writeDer(
    TAG.sequence,
    writeDer(TAG.integer, Uint8Array.of(0)),
    RSA_ALGORITHM,
    writeDer(TAG.octetString, pkcs1),
  )
}
