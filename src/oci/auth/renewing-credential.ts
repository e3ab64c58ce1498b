import { ApiError, toApiError } from '../../errors.ts'
import type { Credential, CredentialAdvice, SignableRequest } from '../signing/credential.ts'
import type { AuthDependencies } from './dependencies.ts'
import type { Session } from './session.ts'

/** Opens the next session, or returns the current one if there is no newer one. */
export type OpenSession = (current: Session) => Promise<Session>

interface Renewal extends Pick<AuthDependencies, 'platform' | 'clock' | 'sharePromises'> {
  readonly open: OpenSession
  current: Session
  opening: Promise<Session> | undefined
  failure: { at: number; error: unknown } | undefined
  /** When the last background renewal was started. */
  triedAt: number
  /** When a rejected token was last renewed. */
  renewedAt: number
}

/** Milliseconds. Protects the auth service from bursts without delaying the recovery. */
const FAILURE_MEMORY = 1_000
/** Milliseconds between background renewals, and between renewals of rejected tokens. */
const PAUSE = 10_000

/**
 * Creates a credential that renews its sessions before they end, one renewal at a time. Requests
 * that are already signed are not affected. Without shared promises, each request that needs a new
 * session opens its own, unless another request has completed one by then.
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
  warnWithoutExpiry(first, renewal)
  async function signWithSession(request: SignableRequest) {
    const session = await sessionFor(renewal, request.renew ?? false)
    return await session.sign(request)
  }
  const isReady = () => canSign(renewal)
  const expiresAt = () => {
    const { endsAt } = renewal.current
    return endsAt === Infinity ? undefined : endsAt
  }
  return Object.assign(signWithSession, { renewable: true, advice, isReady, expiresAt })
}

/** Tries a renewal: an unready gateway gets no requests, so nothing else would renew the session. */
async function canSign(renewal: Renewal): Promise<boolean> {
  if (renewal.clock.now() < renewal.current.endsAt) return true
  return await renew(renewal).then(() => true, () => false)
}

function sessionFor(renewal: Renewal, isRejected: boolean): Session | Promise<Session> {
  const { current, clock } = renewal
  const now = clock.now()
  if (isRejected) return renewRejected(renewal, now)
  if (now < current.renewAt) return current
  return now < current.staleAt ? renewInBackground(renewal, now) : waitForRenewal(renewal)
}

/** OCI rejects many requests for one token; all but the first find it already renewed. */
async function renewRejected(renewal: Renewal, now: number): Promise<Session> {
  if (isWithin(PAUSE, renewal.renewedAt, now)) return renewal.current
  const session = await renew(renewal)
  renewal.renewedAt = renewal.clock.now()
  return session
}

/** The current session is still valid. Without shared promises one request has to wait. */
async function renewInBackground(renewal: Renewal, now: number): Promise<Session> {
  const { current } = renewal
  if (isWithin(PAUSE, renewal.triedAt, now)) return current
  renewal.triedAt = now
  const renewed = renew(renewal).catch((error) => keepCurrent(error, renewal))
  return renewal.sharePromises ? current : await renewed
}

async function waitForRenewal(renewal: Renewal): Promise<Session> {
  try {
    return await renew(renewal)
  } catch (error) {
    if (renewal.clock.now() < renewal.current.endsAt) return keepCurrent(error, renewal)
    throw error
  }
}

function keepCurrent(error: unknown, { platform, current, clock }: Renewal): Session {
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
    if (before.token.expiresAt !== undefined) warnWithoutExpiry(session, renewal)
    return session
  } catch (thrown) {
    const error = asAuthError(thrown)
    renewal.failure = { at: renewal.clock.now(), error }
    throw error
  }
}

/** The configuration was valid at startup, so a later failure is not the configuration's. */
function asAuthError(thrown: unknown): unknown {
  return thrown instanceof ApiError && thrown.code === 'configuration_error'
    ? new ApiError('upstream_auth_error', thrown.message, thrown)
    : thrown
}

function warnWithoutExpiry({ token }: Session, { platform }: Pick<Renewal, 'platform'>): void {
  if (token.expiresAt !== undefined) return
  platform.log({ level: 'warn', event: 'token_without_expiry' })
}

/** Symmetric, because the clock may have been set back. */
function isWithin(milliseconds: number, then: number, now: number): boolean {
  return Math.abs(now - then) < milliseconds
}
