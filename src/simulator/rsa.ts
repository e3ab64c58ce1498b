import type { Bytes } from './base64.ts'

/** The only signature algorithm of OCI. */
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const MIN_BITS = 2048

/** Generates an exportable key pair. */
export async function generateRsa(): Promise<CryptoKeyPair> {
  const publicExponent = Uint8Array.of(1, 0, 1)
  const algorithm = { ...RSA, modulusLength: MIN_BITS, publicExponent }
  return await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

/** Imports a SubjectPublicKeyInfo; `undefined` if it is invalid or has fewer than 2048 bits. */
export async function importPublicKey(spki: Bytes): Promise<CryptoKey | undefined> {
  try {
    const key = await crypto.subtle.importKey('spki', spki, RSA, true, ['verify'])
    const bits = 'modulusLength' in key.algorithm ? Number(key.algorithm.modulusLength) : 0
    return bits >= MIN_BITS ? key : undefined
  } catch {
    return undefined
  }
}

/** Imports a public key from its JWK. */
export async function importJwk(jwk: JsonWebKey): Promise<CryptoKey> {
  return await crypto.subtle.importKey('jwk', jwk, RSA, true, ['verify'])
}

export async function signRsa(key: CryptoKey, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(RSA.name, key, bytes))
}

export async function verifyRsa(key: CryptoKey, signature: Bytes, bytes: Bytes): Promise<boolean> {
  return await crypto.subtle.verify(RSA.name, key, signature, bytes)
}
