import { POLICIES } from '../../causes/policies.ts'
import { appendPath } from '../http/upstream-url.ts'
import { ApiError } from '../../errors.ts'
import { importPrivateKey } from '../signing/private-key.ts'
import { type AuthAdvice, type AuthFailure, callAuth, readTokenReply } from './call.ts'
import type { Credential } from '../signing/credential.ts'
import { readKeyPair, type TokenAndKey } from './read-key-pair.ts'
import type { AuthDependencies } from './dependencies.ts'
import { renewingCredential } from './renewing-credential.ts'
import { createSession, type Session } from './session.ts'
import { decodeToken, type Token } from './token.ts'

/** The files of a session that `oci session authenticate` created. */
export interface SessionFiles {
  /** Reads the token, each time that another process may have replaced it. */
  readToken(): Promise<string>
  /** Reads the private key in PEM. Each login creates a new one. */
  readKey(): Promise<string>
  passphrase?: string | undefined
  /** Writes a renewed token back to its file. Absent if write-back is off. */
  writeToken?: ((text: string) => Promise<void>) | undefined
  /** The auth service of the region that issued the session. */
  service: URL
  /** For messages: `profile "DEV" of "/home/me/.oci/config"`. */
  name: string
  /** The command for a new login: `oci session authenticate --profile-name DEV`. */
  login: string
}

/**
 * Opens the credential of a session and returns its first token. Renews it before it expires: with
 * the token that another process wrote to the file, otherwise at the auth service. After it has
 * expired, only a new login helps.
 */
export async function sessionToken(
  files: SessionFiles,
  dependencies: AuthDependencies,
): Promise<{ credential: Credential; token: Token }> {
  let lastRead: string | undefined
  const open = async (current?: Session): Promise<Session> => {
    const now = dependencies.clock.now()
    if (current === undefined || (await files.readToken()).trim() !== lastRead) {
      const { token, key } = await readKeyPair(() => readPair(files), files.name)
      lastRead = token.text
      if (!hasExpired(token, now)) return createSession(token, key.key, now)
    }
    if (current === undefined || now >= current.endsAt) throw expired(files)
    if (current.token.expiresAt === undefined) return current
    const token = await refresh(current, files, dependencies)
    if (await writeBack(token, files, dependencies)) lastRead = token.text
    return createSession(token, current.key, dependencies.clock.now())
  }
  const first = await open()
  const advice = {
    refused: `The session of ${files.name} has expired. Sign in again with: ${files.login}`,
    policy: POLICIES.user,
  }
  return { credential: renewingCredential(first, open, dependencies, advice), token: first.token }
}

async function readPair(files: SessionFiles): Promise<TokenAndKey> {
  const [text, pem] = await Promise.all([files.readToken(), files.readKey()])
  const key = await importPrivateKey(pem, files.passphrase)
  return { token: decodeToken(text, `the session token of ${files.name}`), key }
}

function hasExpired({ expiresAt = Infinity }: Token, now: number): boolean {
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
    url: appendPath(files.service, 'v1/authentication/refresh'),
    body: JSON.stringify({ currentToken: token.text }),
    contentType: 'application/json',
    sign,
    advise: (failure) => advise(failure, files),
  }, dependencies)
  return decodeToken(readTokenReply(text, action), `the renewed token of ${files.name}`)
}

function advise({ status }: AuthFailure, { login }: SessionFiles): AuthAdvice {
  return status === 401
    ? { reason: 'session_expired', advice: `The session has expired. Sign in again with: ${login}` }
    : { advice: `If this error persists, sign in again with: ${login}` }
}

/** Returns whether the token was written. A failure is only logged: the token itself is valid. */
async function writeBack(
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
  const message = `Cannot use the session of ${name}: it has expired. Sign in again with: ${login}`
  return new ApiError('upstream_auth_error', message, { reason: 'session_expired' })
}
