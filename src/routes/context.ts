import type { BodyBudget } from '../access/body-budget.ts'
import type { YieldToEventLoop } from '../access/heavy-work.ts'
import type { Limits, RequestLimits } from '../limits.ts'
import type { OciClient } from '../oci/client.ts'
import type { ResponseOwners } from '../openai/responses/owners.ts'
import type { ResponseStore } from '../openai/responses/store.ts'
import type { Platform } from '../platform.ts'

/** What a route works with. */
export interface RouteContext {
  oci: OciClient
  platform: Platform
  /** Milliseconds of silence before a stream sends a heartbeat; 0 is never. */
  heartbeat: number
  /** Milliseconds for the whole of an answer; 0 is no limit. */
  total: number
  body: BodyLimits
  limits: RequestLimits
  /** Where responses are stored; `undefined` where none are. */
  responses: ResponseStore | undefined
  /** Who created the responses that OCI keeps; `undefined` on a gateway without keys. */
  responseOwners?: ResponseOwners | undefined
}

/** How request bodies are received. */
export interface BodyLimits extends Pick<Limits, 'maxBodyBytes' | 'bodyTimeout'> {
  budget: BodyBudget
  /** Waits before each piece of work on a large body. */
  yieldToEventLoop: YieldToEventLoop
}
