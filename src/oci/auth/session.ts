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

/** A request must not expire on its way to OCI. */
const MARGIN = 60_000

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
