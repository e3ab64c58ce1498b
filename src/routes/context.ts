import type { RequestLimits } from '../limits.ts'
import type { OciClient } from '../oci/client.ts'
import type { ResponseOwners } from '../openai/responses/owners.ts'
import type { ResponseStore } from '../openai/responses/store.ts'
import type { Platform } from '../platform.ts'
import type { BodyLimit } from './read-text.ts'

/** What a route works with. */
export interface RouteContext {
  oci: OciClient
  platform: Platform
  /** Milliseconds of silence before a stream says that it lives; 0 is never. */
  heartbeat: number
  /** Milliseconds for the whole of an answer; 0 is no limit. */
  total: number
  /** How much of a request's body is taken. */
  bodyLimit: BodyLimit
  /** Where responses are kept; `undefined` where none are. */
  responses: ResponseStore | undefined
  /** Who created the responses that OCI keeps; `undefined` on a gateway without keys. */
  responseOwners?: ResponseOwners | undefined
  /** Limits on what one request may contain; the defaults when absent. */
  limits?: RequestLimits | undefined
}
