import type { SendContext } from './http/send.ts'
import type { LearnedQuirk } from './models/quirk.ts'

/** The context of one client request. */
export interface CallContext extends SendContext {
  /**
   * The client: the identity of an API key or an address. Failures, retries and learned quirks are
   * counted for each client. Clients without an identity count as one.
   */
  client?: string | undefined
  /** Waits before each piece of heavy work, so that other requests are answered in between. */
  yieldToEventLoop?: (() => Promise<void>) | undefined
  /** The calls made for the request so far, if several models or endpoints may be tried. */
  trace?: RequestTrace | undefined
  /** Whether no other model is tried when this one fails; `true` when absent. */
  isLastModel?: boolean | undefined
}

/** The upstream calls of one request. It grows with each call. */
export interface RequestTrace {
  /** Number of calls made, to any model and region. */
  attempts: number
  /** The region that answered, or that was called last. */
  region: string
  /** Quirks that this request has met itself, by model: they apply to it at once. */
  quirks: Map<string, readonly LearnedQuirk[]>
}

/** Creates the trace of a request that has made no call. */
export function createTrace(): RequestTrace {
  return { attempts: 0, region: '', quirks: new Map() }
}
