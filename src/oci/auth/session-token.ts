import { ApiError } from '../../errors.ts'
import { importPrivateKey } from '../signing/private-key.ts'
import { type AuthAdvice, type AuthFailure, callAuth, readTokenReply } from './call.ts'
import type { Credential } from '../signing/credential.ts'
import { readKeyPair, type TokenAndKey } from './read-key-pair.ts'
import type { AuthDependencies } from './dependencies.ts'
import { renewingCredential } from './renewing-credential.ts'
import { createSession, type Session } from './session.ts'
import { decodeToken, type Token } from './token.ts'
import { addressBelow } from './variables.ts'

/** A session as `oci session authenticate` leaves it. */
export interface SessionFiles {
  /** The token, read anew whenever it might have been replaced. */
  readToken(): Promise<string>
  /** The private key in PEM; a new login makes a new one. */
  readKey(): Promise<string>
  passphrase?: string | undefined
  /** Keeps a renewed token for others; absent when they are not to see it. */
  writeToken?: ((text: string) => Promise<void>) | undefined
  /** The auth service of the region where it was opened. */
  service: URL
  /** For messages: `profile "DEV" of "/home/me/.oci/config"`. */
  name: string
  /** What opens it again: `oci session authenticate --profile-name DEV`. */
  login: string
}

/**
 * The credential of a session, and its first token. It is renewed while it lasts: by taking what
 * another process left in the file, else by asking the auth service. One that has ended only its
 * user can open again.
 */
export async function sessionToken(
  files: SessionFiles,
  dependencies: AuthDependencies,
): Promise<{ credential: Credential; token: Token }> {
  let seen: string | undefined
  const open = async (current?: Session): Promise<Session> => {
    const now = dependencies.clock.now()
    if (current === undefined || (await files.readToken()).trim() !== seen) {
      const { token, key } = await readKeyPair(() => readPair(files), files.name)
      seen = token.text
      if (!hasEnded(token, now)) return createSession(token, key.key, now)
    }
    if (current === undefined || now >= current.endsAt) throw expired(files)
    if (current.token.expiresAt === undefined) return current
    const token = await refresh(current, files, dependencies)
    if (await keepToken(token, files, dependencies)) seen = token.text
    return createSession(token, current.key, dependencies.clock.now())
  }
  const first = await open()
  const advice = {
    refused: `The session of ${files.name} has ended. Open it again: ${files.login}`,
    policy: 'Allow group G to use generative-ai-family in compartment C',
  }
  return { credential: renewingCredential(first, open, dependencies, advice), token: first.token }
}

async function readPair(files: SessionFiles): Promise<TokenAndKey> {
  const [text, pem] = await Promise.all([files.readToken(), files.readKey()])
  const key = await importPrivateKey(pem, files.passphrase)
  return { token: decodeToken(text, `the session token of ${files.name}`), key }
}

function hasEnded({ expiresAt = Infinity }: Token, now: number): boolean {
  return expiresAt <= now
}

async function refresh(
  { token, sign }: Session,
  files: SessionFiles,
  dependencies: AuthDependencies,
): Promise<Token> {
  const action = `renew the session of ${files.name}`
  const text = await callAuth({
    action,
    method: 'POST',
    url: addressBelow(files.service, 'v1/authentication/refresh'),
    body: JSON.stringify({ currentToken: token.text }),
    contentType: 'application/json',
    sign,
    advise: (failure) => advise(failure, files),
  }, dependencies)
  return decodeToken(readTokenReply(text, action), `the renewed token of ${files.name}`)
}

function advise({ status }: AuthFailure, { login }: SessionFiles): AuthAdvice {
  return status === 401
    ? { reason: 'session_expired', advice: `The session has ended. Open it again: ${login}` }
    : { advice: `If this goes on, open the session again: ${login}` }
}

/** A token that cannot be kept still serves. */
async function keepToken(
  token: Token,
  { writeToken }: SessionFiles,
  { platform }: AuthDependencies,
): Promise<boolean> {
  if (writeToken === undefined) return false
  try {
    await writeToken(token.text)
    return true
  } catch {
    platform.log({ level: 'warn', event: 'session_token_not_written' })
    return false
  }
}

function expired({ name, login }: SessionFiles): ApiError {
  const message = `Cannot use the session of ${name}: it has expired. Open it again: ${login}`
  return new ApiError('upstream_auth_error', message, { reason: 'session_expired' })
}
