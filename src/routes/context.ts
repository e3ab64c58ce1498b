import type { BodyBudget } from '../access/body-budget.ts'
import type { YieldToEventLoop } from '../access/heavy-work.ts'
import type { ObjectOwners } from '../access/object-owners.ts'
import type { Limits, RequestLimits } from '../limits.ts'
import type { OciClient } from '../oci/client.ts'
import type { ResponseStore } from '../openai/responses/store.ts'
import type { Platform } from '../platform.ts'

/** The dependencies and settings of the routes. */
export interface RouteContext {
  oci: OciClient
  platform: Platform
  /** Idle milliseconds before a stream sends a heartbeat; 0 disables it. */
  heartbeat: number
  /** Milliseconds for one complete response; 0 is unlimited. */
  total: number
  body: BodyLimits
  limits: RequestLimits
  /** Store of responses; `undefined` if responses are not stored. */
  responses: ResponseStore | undefined
  /** Owners of the objects that OCI stores; `undefined` on a gateway without keys. */
  owners?: ObjectOwners | undefined
}

/** Limits for receiving request bodies. */
export interface BodyLimits extends Pick<Limits, 'maxBodyBytes' | 'bodyTimeout'> {
  maxUploadBytes: number
  budget: BodyBudget
  /** Of uploads in temporary files. */
  uploads: BodyBudget
  /** Waits before each step of work on a large body. */
  yieldToEventLoop: YieldToEventLoop
  decompressors?: Platform['decompressors'] | undefined
}
