import { encodeBase64 } from '../signing/bytes.ts'

/** A key pair made for one token; the private one cannot be exported. */
export interface SessionKey {
  key: CryptoKey
  /** The public key as SubjectPublicKeyInfo in DER, in base64 of one line. */
  publicKey: string
}

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
}

/** Makes a key pair; it takes a tenth of a second and more (measured). */
export async function generateSessionKey(): Promise<SessionKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(RSA, false, ['sign', 'verify'])
  const spki = await crypto.subtle.exportKey('spki', publicKey)
  return { key: privateKey, publicKey: encodeBase64(new Uint8Array(spki)) }
}
