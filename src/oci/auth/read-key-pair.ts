import { ApiError } from '../../errors.ts'
import type { PrivateKey } from '../signing/private-key.ts'
import type { Token } from './token.ts'

/** A token and the key that signs with it, read from two places. */
export interface TokenAndKey {
  token: Token
  key: PrivateKey
}

const READS = 4
/** Milliseconds; whoever replaces two files is done by then. */
const PAUSE = 100

/**
 * Reads a token and its key until they fit together: somebody else replaces them, one after the
 * other, and a file may be read half-written. What stays unreadable is thrown as it is.
 */
export async function readFittingPair(
  read: () => Promise<TokenAndKey>,
  name: string,
): Promise<TokenAndKey> {
  for (let number = 1;; number++) {
    const pair = await read().catch((error: unknown) => {
      if (number === READS || !isTorn(error)) throw error
    })
    if (pair && await fit(pair)) return pair
    if (number === READS) throw misfit(name)
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}

function isTorn(error: unknown): boolean {
  return error instanceof ApiError &&
    ['bad_token', 'truncated', 'bad_der', 'no_pem'].includes(error.reason ?? '')
}

/** Whether the token was given for this key; one that does not say fits any. */
async function fit({ token, key }: TokenAndKey): Promise<boolean> {
  if (token.modulus === undefined) return true
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('spki', key.publicKeySpki, rsa, true, ['verify'])
  const { n } = await crypto.subtle.exportKey('jwk', imported)
  return n === token.modulus.replace(/={1,2}$/, '')
}

function misfit(name: string): ApiError {
  const message = `Cannot use ${name}: the private key is not the one the token was given for`
  return new ApiError('upstream_auth_error', message, { reason: 'key_mismatch' })
}
