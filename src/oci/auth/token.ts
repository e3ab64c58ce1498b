import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import { lenient } from '../json.ts'

/** An OCI token and its claims. Only OCI verifies its signature. */
export interface Token {
  /** Trimmed, since it becomes part of the key id. */
  text: string
  /** Milliseconds since the epoch. */
  issuedAt: number | undefined
  expiresAt: number | undefined
  /** The tenancy's OCID. */
  tenancy: string | undefined
  /** The OCID of the user or resource that it identifies. */
  subject: string | undefined
  /** The modulus of the public key that it was issued for, in base64url. */
  modulus: string | undefined
}

const Milliseconds = lenient(v.pipe(v.number(), v.transform((seconds) => seconds * 1000)))
const Text = lenient(v.pipe(v.string(), v.nonEmpty()))
const Jwk = v.object({ n: v.string() })
const Claims = v.object({
  iat: Milliseconds,
  exp: Milliseconds,
  sub: Text,
  tenant: Text,
  res_tenant: Text,
  jwk: lenient(v.union([v.pipe(v.string(), v.parseJson(), Jwk), Jwk])),
})

/**
 * Decodes a JWT. `name` is for the error ("the token of …"), which never contains the token. Throws
 * `bad_token`.
 */
export function decodeToken(text: string, name: string): Token {
  const clean = text.trim()
  const claims = v.parse(Claims, claimsOf(clean, name))
  return {
    text: clean,
    issuedAt: claims.iat,
    expiresAt: claims.exp,
    tenancy: claims.res_tenant ?? claims.tenant,
    subject: claims.sub,
    modulus: claims.jwk?.n,
  }
}

/** The expiry time of a token that need not be a JWT; `undefined` if it is unknown. */
export function expiryOf(text: string): number | undefined {
  try {
    return decodeToken(text, 'the token').expiresAt
  } catch {
    return undefined
  }
}

function claimsOf(text: string, name: string): object {
  try {
    return decodeJwt(text)
  } catch (cause) {
    const state = text === '' ? 'it is empty' : 'it is not a complete JSON Web Token'
    throw new ApiError('upstream_auth_error', `Cannot read ${name}: ${state}`, {
      reason: 'bad_token',
      cause,
    })
  }
}
