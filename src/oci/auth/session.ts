import { encodeBase64 } from '../signing/bytes.ts'
import type { Credential } from '../signing/credential.ts'
import { requestSigner, type SigningOptions } from '../signing/request-signer.ts'
import type { Token } from './token.ts'

/** A token with the key it was issued for. Neither works with that of another session. */
export interface Session {
  readonly token: Token
  readonly key: CryptoKey
  readonly sign: Credential
  /** From this time on, in milliseconds since the epoch, it is renewed in the background. */
  readonly renewAt: number
  /** From this time on, new requests wait for the renewal. */
  readonly staleAt: number
  readonly endsAt: number
}

/** A key pair for one token. The private key cannot be exported. */
export interface SessionKey {
  key: CryptoKey
  /** The public key as SubjectPublicKeyInfo in DER, as base64 without line breaks. */
  publicKey: string
}

/** A request must not expire on its way to OCI. */
const MARGIN = 60_000

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
}

/**
 * Creates a session from a token received at `now` and its key. A token without an expiry time
 * serves only the requests that wait for it and is then renewed.
 */
export function createSession(
  token: Token,
  key: CryptoKey,
  now: number,
  options: SigningOptions = {},
): Session {
  const sign = requestSigner({ keyId: `ST$${token.text}`, key }, options)
  const { issuedAt = now, expiresAt: endsAt } = token
  if (endsAt === undefined) {
    return { token, key, sign, renewAt: now, staleAt: now, endsAt: Infinity }
  }
  const lifetime = Math.max(0, endsAt - issuedAt)
  return {
    token,
    key,
    sign,
    renewAt: issuedAt + lifetime / 2,
    staleAt: endsAt - Math.min(MARGIN, lifetime / 4),
    endsAt,
  }
}

/** Generates a key pair. Takes a tenth of a second or more (measured). */
export async function generateSessionKey(): Promise<SessionKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(RSA, false, ['sign', 'verify'])
  const spki = await crypto.subtle.exportKey('spki', publicKey)
  return { key: privateKey, publicKey: encodeBase64(new Uint8Array(spki)) }
}
