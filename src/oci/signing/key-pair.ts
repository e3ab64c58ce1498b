import { type Bytes, encodeBase64 } from './bytes.ts'

/** A key pair for one token. The private key cannot be exported. */
export interface SessionKey {
  key: CryptoKey
  /** The public key as SubjectPublicKeyInfo in DER, as base64 without line breaks. */
  publicKey: string
}

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const GENERATED = { ...RSA, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }

/** Generates a key pair. Takes a tenth of a second or more (measured). */
export async function generateSessionKey(): Promise<SessionKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(GENERATED, false, [
    'sign',
    'verify',
  ])
  const spki = await crypto.subtle.exportKey('spki', publicKey)
  return { key: privateKey, publicKey: encodeBase64(new Uint8Array(spki)) }
}

/** Returns the modulus of a SubjectPublicKeyInfo in DER, as base64url without padding. */
export async function modulusOf(publicKeySpki: Bytes): Promise<string | undefined> {
  const imported = await crypto.subtle.importKey('spki', publicKeySpki, RSA, true, ['verify'])
  const { n } = await crypto.subtle.exportKey('jwk', imported)
  return n
}
