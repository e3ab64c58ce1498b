import { type BodyBudget, createBodyBudget } from './access/body-budget.ts'
import { type ConcurrencyLimiter, createConcurrencyLimiter } from './access/concurrency-limiter.ts'
import { bodyLimitsOf, concurrencyLimitsOf, uploadLimitsOf } from './access/create-limits.ts'
import { createFailedAuthLimiter, type FailedAuthLimiter } from './access/failed-auth-limiter.ts'
import { createEventLoopYield, type YieldToEventLoop } from './access/heavy-work.ts'
import { createObjectOwners, type ObjectOwners } from './access/object-owners.ts'
import { DEFAULT_LIMITS, type Limits, type StoreLimits } from './limits.ts'
import type { StoreServices } from './metering/store-services.ts'
import { createMemoryStore } from './openai/responses/memory-store.ts'
import type { ResponseStore } from './openai/responses/store.ts'
import type { Platform } from './platform.ts'
import { createSharedResponses } from './routes/shared-responses.ts'
import { type ClientActivity, createClientActivity } from './telemetry/client-activity.ts'
import { createRecentRequests, type RecentRequests } from './telemetry/recent-requests.ts'

/**
 * What the requests of a process share. It stays when the configuration is reloaded, so that no count
 * is lost or doubled and no stored response disappears.
 */
export interface AppState {
  limiter: ConcurrencyLimiter
  bodies: BodyBudget
  /** Of uploads in temporary files. */
  uploads: BodyBudget
  /** Invalid keys by address. */
  failures: FailedAuthLimiter
  /** Used only where the configuration stores responses in this process. */
  responses: ResponseStore
  /** Used only where the configuration shares responses; absent without a store. */
  sharedResponses: ResponseStore | undefined
  /** Used only where clients have keys. */
  owners: ObjectOwners
  activity: ClientActivity
  recent: RecentRequests
  yieldToEventLoop: YieldToEventLoop
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Applies the settings of a new configuration to requests that begin from now on. */
  configure(settings: StateSettings): void
}

/** The settings of the state. */
export interface StateSettings {
  limits?: Limits | undefined
  responseStore?: StoreLimits | undefined
}

/** Keeps nothing: responses are not stored. */
const NO_RESPONSES: StoreLimits = { maxItems: 0, maxBytes: 0, ttl: 0 }

/**
 * Creates the state of a process that has not served a request.
 * @param isUncounted see `AppOptions`
 * @param stored the services of the store, where responses are shared and objects have owners
 */
export function createAppState(
  settings: StateSettings,
  platform: Pick<Platform, 'now' | 'log'>,
  isUncounted: boolean,
  stored?: StoreServices,
): AppState {
  const { now } = platform
  // The parts read these objects at each use.
  const live = liveSettings(settings, isUncounted)
  const state: AppState = {
    limiter: createConcurrencyLimiter(live.concurrency),
    bodies: createBodyBudget(live.bodies),
    uploads: createBodyBudget(live.uploads),
    failures: createFailedAuthLimiter(live.failures, now),
    responses: createMemoryStore(live.responses, now),
    sharedResponses: stored && createSharedResponses(stored, live.sharedResponses, platform),
    owners: createObjectOwners(now, stored),
    activity: createClientActivity(),
    recent: createRecentRequests(),
    yieldToEventLoop: createEventLoopYield({ shared: !isUncounted }),
    startedAt: now(),
    configure(next) {
      const changed = liveSettings(next, isUncounted)
      for (const [name, values] of Object.entries(live)) {
        // Both have the same names.
        Object.assign(values, changed[name as keyof typeof changed])
      }
      // The store evicts at each use, and is not used where responses are not stored.
      void state.responses.get('', '')
    },
  }
  return state
}

function liveSettings(
  { limits = DEFAULT_LIMITS, responseStore }: StateSettings,
  isUncounted: boolean,
) {
  const { failedAuthPerMinute } = limits
  return {
    concurrency: concurrencyLimitsOf(limits, isUncounted),
    bodies: bodyLimitsOf(limits, isUncounted),
    uploads: uploadLimitsOf(limits, isUncounted),
    failures: { failedAuthPerMinute },
    responses: { ...responseStore ?? NO_RESPONSES },
    sharedResponses: { ...responseStore?.isShared ? responseStore : NO_RESPONSES },
  }
}
