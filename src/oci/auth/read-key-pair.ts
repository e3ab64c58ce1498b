import { ApiError } from '../../errors.ts'
import { sleep } from '../async/sleep.ts'
import { modulusOf } from '../signing/key-pair.ts'
import type { PrivateKey } from '../signing/private-key.ts'
import type { Token } from './token.ts'

/** A token and its signing key, read from two places. */
export interface TokenAndKey {
  token: Token
  key: PrivateKey
}

const MAX_READS = 4
/** Milliseconds; long enough for another process to replace both files. */
const PAUSE = 100

/**
 * Reads a token and its key until they match. Another process replaces the two files one after the
 * other, so a read may find a mismatch or a partially written file. The last error is thrown.
 */
export async function readKeyPair(
  read: () => Promise<TokenAndKey>,
  name: string,
): Promise<TokenAndKey> {
  for (let number = 1;; number++) {
    const pair = await read().catch((error: unknown) => {
      if (number === MAX_READS || !isPartiallyWritten(error)) throw error
    })
    if (pair && await isMatch(pair)) return pair
    if (number === MAX_READS) throw mismatch(name)
    await sleep(PAUSE)
  }
}

function isPartiallyWritten(error: unknown): boolean {
  return error instanceof ApiError &&
    ['bad_token', 'truncated', 'bad_der', 'no_pem'].includes(error.reason ?? '')
}

/** Whether the token was issued for this key. A token that does not name its key matches any. */
async function isMatch({ token, key }: TokenAndKey): Promise<boolean> {
  if (token.modulus === undefined) return true
  return await modulusOf(key.publicKeySpki) === token.modulus.replace(/={1,2}$/, '')
}

function mismatch(name: string): ApiError {
  const message = `Cannot use ${name}: the token was issued for another private key`
  return new ApiError('upstream_auth_error', message, { reason: 'key_mismatch' })
}
