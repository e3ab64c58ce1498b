import { md5 } from '@noble/hashes/legacy.js'
import { encodeHex } from './bytes.ts'

/**
 * How OCI names a public key: MD5 of its SubjectPublicKeyInfo in DER, as the console shows it.
 * MD5 only names the key here; nothing rests on its strength.
 */
export function fingerprintOf(publicKeySpki: Uint8Array): string {
  return encodeHex(md5(publicKeySpki), ':')
}
