import { requestSigner, type SigningOptions } from '../signing/request-signer.ts'
import type { Credential } from '../signing/credential.ts'
import type { Token } from './token.ts'

/** A token and the key it was given for, as one value: neither is of use with another's. */
export interface Session {
  readonly token: Token
  readonly key: CryptoKey
  readonly sign: Credential
  /** From then on, in milliseconds since the epoch, a new one is got while this one serves. */
  readonly renewAt: number
  /** From then on nothing more begins with this one, if there is a new one to be had. */
  readonly staleAt: number
  readonly endsAt: number
}

/** Nothing should end on its way to OCI. */
const MARGIN = 60_000

/**
 * The session of a token and its key, got at `now`. A token that does not say when it ends serves
 * what waits for it, and nothing after that.
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
  const life = Math.max(0, endsAt - issuedAt)
  return {
    token,
    key,
    sign,
    renewAt: issuedAt + life / 2,
    staleAt: endsAt - Math.min(MARGIN, life / 4),
    endsAt,
  }
}
