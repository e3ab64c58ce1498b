import { ApiError, toApiError } from '../../errors.ts'
import type { Credential, CredentialAdvice, SignableRequest } from '../signing/credential.ts'
import type { AuthDependencies } from './dependencies.ts'
import type { Session } from './session.ts'

/** Gets the session after the current one; the same again where there is no newer one. */
export type OpenSession = (current: Session) => Promise<Session>

interface Renewal extends Pick<AuthDependencies, 'platform' | 'clock' | 'sharePromises'> {
  readonly open: OpenSession
  current: Session
  opening: Promise<Session> | undefined
  failure: { at: number; error: unknown } | undefined
  /** When a renewal was last begun that nobody had to wait for. */
  triedAt: number
  /** When a refused token was last renewed. */
  renewedAt: number
}

/** Long enough against a storm, too short to be felt when what failed works again. */
const FAILURE_MEMORY = 1_000
/** A renewal that can wait is not tried more often; nor is one for a token that is this young. */
const PAUSE = 10_000

/**
 * A credential whose sessions end and are renewed before, one renewal at a time. What was signed
 * with the old session stays as it is. Where promises are not shared, each request that must have
 * a new session gets it by itself, and finds what another one got once that is there.
 */
export function renewingCredential(
  first: Session,
  open: OpenSession,
  { platform, clock, sharePromises }: Pick<
    AuthDependencies,
    'platform' | 'clock' | 'sharePromises'
  >,
  advice: CredentialAdvice,
): Credential {
  const renewal: Renewal = {
    ...{ platform, clock, sharePromises, open },
    current: first,
    opening: undefined,
    failure: undefined,
    triedAt: -Infinity,
    renewedAt: -Infinity,
  }
  tellEndless(first, renewal)
  async function signWithSession(request: SignableRequest) {
    const session = await sessionFor(renewal, request.renew ?? false)
    return await session.sign(request)
  }
  const isReady = () => isServing(renewal)
  return Object.assign(signWithSession, { renewable: true, advice, isReady })
}

/** A gateway that is asked for nothing because it is not ready would never be ready again. */
async function isServing(renewal: Renewal): Promise<boolean> {
  if (renewal.clock.now() < renewal.current.endsAt) return true
  return await renew(renewal).then(() => true, () => false)
}

function sessionFor(renewal: Renewal, refused: boolean): Session | Promise<Session> {
  const { current, clock } = renewal
  const now = clock.now()
  if (refused) return renewRefused(renewal, now)
  if (now < current.renewAt) return current
  return now < current.staleAt ? renewBeside(renewal, now) : renewFirst(renewal)
}

/** Many requests are refused for one token: those that come late find it renewed. */
async function renewRefused(renewal: Renewal, now: number): Promise<Session> {
  if (isWithin(PAUSE, renewal.renewedAt, now)) return renewal.current
  const session = await renew(renewal)
  renewal.renewedAt = renewal.clock.now()
  return session
}

/** The current session still serves; only where promises are not shared somebody waits. */
async function renewBeside(renewal: Renewal, now: number): Promise<Session> {
  const { current } = renewal
  if (isWithin(PAUSE, renewal.triedAt, now)) return current
  renewal.triedAt = now
  const renewed = renew(renewal).catch((error) => keepServing(error, renewal))
  return renewal.sharePromises ? current : await renewed
}

async function renewFirst(renewal: Renewal): Promise<Session> {
  try {
    return await renew(renewal)
  } catch (error) {
    if (renewal.clock.now() < renewal.current.endsAt) return keepServing(error, renewal)
    throw error
  }
}

function keepServing(error: unknown, { platform, current, clock }: Renewal): Session {
  platform.log({
    level: 'warn',
    event: 'token_not_renewed',
    reason: toApiError(error).reason ?? toApiError(error).code,
    secondsLeft: Math.round((current.endsAt - clock.now()) / 1000),
  })
  return current
}

function renew(renewal: Renewal): Promise<Session> {
  const { failure, clock, sharePromises } = renewal
  if (failure && isWithin(FAILURE_MEMORY, failure.at, clock.now())) {
    return Promise.reject(failure.error)
  }
  if (!sharePromises) return openNext(renewal)
  renewal.opening ??= openNext(renewal).finally(() => {
    renewal.opening = undefined
  })
  return renewal.opening
}

async function openNext(renewal: Renewal): Promise<Session> {
  const before = renewal.current
  try {
    const session = await renewal.open(before)
    renewal.current = session
    if (before.token.expiresAt !== undefined) tellEndless(session, renewal)
    return session
  } catch (thrown) {
    const error = asAuthError(thrown)
    renewal.failure = { at: renewal.clock.now(), error }
    throw error
  }
}

/** What was configured well at the start fails now for another reason: a file is gone. */
function asAuthError(thrown: unknown): unknown {
  return thrown instanceof ApiError && thrown.code === 'configuration_error'
    ? new ApiError('upstream_auth_error', thrown.message, thrown)
    : thrown
}

function tellEndless({ token }: Session, { platform }: Pick<Renewal, 'platform'>): void {
  if (token.expiresAt !== undefined) return
  platform.log({ level: 'warn', event: 'token_without_expiry' })
}

/** Also when the clock was set back since. */
function isWithin(milliseconds: number, then: number, now: number): boolean {
  return Math.abs(now - then) < milliseconds
}
