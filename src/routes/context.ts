import type { OciClient } from '../oci/client.ts'
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
}
