import type { Context, MiddlewareHandler } from 'hono'
import type { FailedAuthLimiter } from '../access/failed-auth-limiter.ts'
import type { KeyCheck } from '../access/keys.ts'
import type { KeyIdentity, StoredKeys } from '../access/stored-keys.ts'
import { ApiError } from '../errors.ts'
import type { KeyRecord } from '../store/records.ts'
import { presentedKeys, rejectedKey } from './authenticate.ts'
import type { GatewayEnvironment } from './environment.ts'

export interface StoredAuthentication {
  keys: StoredKeys
  /** Finds the keys of the configuration, which have no limits; absent if there are none. */
  configured: KeyCheck | undefined
  failures: FailedAuthLimiter
  now(): number
  /** Whether requests need a key even if the store has none. */
  needsKey: boolean
  /** Checks requests without a key, while the store has none. */
  withoutKey: readonly MiddlewareHandler<GatewayEnvironment>[]
}

/** Accepts requests with a key of the store or of the configuration. */
export function authenticateStored(
  options: StoredAuthentication,
): MiddlewareHandler<GatewayEnvironment> {
  const { keys, configured, failures, now } = options
  return async function authenticateStored(c, next) {
    const presented = presentedKeys(c)
    for (const key of presented) {
      const id = await configured?.(key)
      if (id !== undefined) {
        c.set('client', id)
        c.set('owner', id)
        return await next()
      }
      const found = keys.find(key)
      const identity = found instanceof Promise ? await found : found
      if (identity === undefined) continue
      checkUsable(identity.key, now())
      setIdentity(c, identity)
      return await next()
    }
    if (await isKeyRequired(options)) throw rejectedKey(c, presented, failures)
    await runAll(options.withoutKey, c, next)
  }
}

function isKeyRequired(
  { needsKey, configured, keys }: StoredAuthentication,
): boolean | Promise<boolean> {
  return needsKey || configured !== undefined || keys.areRequired()
}

function checkUsable({ name, disabled, expiresAt }: KeyRecord, now: number): void {
  const state = disabled
    ? 'is disabled'
    : expiresAt !== undefined && now >= expiresAt
    ? 'has expired'
    : undefined
  if (state === undefined) return
  throw new ApiError(
    'invalid_api_key',
    `The API key "${name}" ${state}. Ask the operator of this gateway for another one`,
    { reason: disabled ? 'key_disabled' : 'key_expired' },
  )
}

function setIdentity(c: Context<GatewayEnvironment>, identity: KeyIdentity): void {
  const { id, team } = identity.key
  c.set('client', id)
  // No id of a key has a colon.
  c.set('owner', team === undefined ? id : `team:${team}`)
  c.set('identity', identity)
}

async function runAll(
  [first, ...rest]: readonly MiddlewareHandler<GatewayEnvironment>[],
  c: Context<GatewayEnvironment>,
  next: () => Promise<void>,
): Promise<void> {
  if (first === undefined) return await next()
  await first(c, () => runAll(rest, c, next))
}
