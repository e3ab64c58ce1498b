import type { ChatRequest } from '../chat/model.ts'
import type { SendContext } from './http/send.ts'
import type { LearnedQuirk } from './models/quirk.ts'
import type { AttemptObserver } from '../telemetry/request-progress.ts'

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
  /** Counts what the request uses; absent on a gateway without a store. */
  meter?: Meter | undefined
  /** Receives the calls, for the record of the request. */
  observer?: AttemptObserver | undefined
  /** The compartment of the client's key, which replaces the configured one. */
  compartmentId?: string | undefined
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

/** Checks and counts what one client request uses. */
export interface Meter {
  /** Throws `model_not_allowed` if the client may not use the model. */
  checkModel(requested: string, model: { model: string; name: string | undefined }): void
  /**
   * Reserves the most that a plan may use, before its first call. Reserves nothing again for another
   * plan of the same model that is not larger. Throws `insufficient_quota`, `rate_limit_exceeded` or
   * `model_not_priced`.
   */
  reserve(planned: PlannedUse): Promise<ReservedUse>
  /**
   * Whether a plan is probably rejected or gets another output limit, so that nothing is prepared
   * before it is reserved.
   */
  mayChange(planned: PlannedUse): boolean
  /** The tokens of a conversation that OCI stores, by the id of its last response, if known. */
  storedTokens(id: string): number | undefined
  /** All prompts of the request, each with a plan of its own: the first reserves for all. */
  announce(prompts: readonly Prompt[]): void
}

/** What a plan may use. */
export interface PlannedUse {
  /** OCI's name of the model, or its OCID if the name is not known. */
  model: string
  endpoint: 'native' | 'openai'
  prompt: Prompt
  /** Calls that have the whole prompt. */
  calls: number
  /** Answers of all calls, each of which may have the whole output. */
  answers: number
  /** The output limit of each answer, and whether the client has set it; absent without output. */
  output?: { tokens: number; isFixed: boolean } | undefined
  /** Whether OCI bills tokens. Default: true. */
  hasTokens?: boolean | undefined
  /** Whether a budget in dollars allows it without a price. */
  isFree?: boolean | undefined
  /** Search units of a rerank. */
  searchUnits?: number | undefined
  /** Tokens of a conversation that OCI stores, which precedes the prompt. */
  storedTokens?: number | undefined
}

/** The content of a prompt, from which its size is measured. */
export type Prompt =
  | { type: 'chat'; request: ChatRequest }
  | { type: 'body'; body: Readonly<Record<string, unknown>> }
  | { type: 'texts'; texts: readonly string[]; images?: number | undefined }

/** The reserved use of a plan. */
export interface ReservedUse {
  /** Output tokens that each answer may have: less than planned if only less fits. */
  output: number
  /** Whether any limit applies, so that the request needs an output limit. */
  isLimited: boolean
  /** For the client, if the output was reduced. */
  warnings: readonly string[]
  /** Begins to count a call. `isStreamed`: OCI's answer is a stream of text. */
  begin(region: string, isStreamed: boolean): CountedCall
}

/** Token counts that OCI reports. Reasoning is a part of the completion. */
export interface TokenCounts {
  prompt: number
  completion?: number | undefined
  cached?: number | undefined
  reasoning?: number | undefined
}

/** Counts one call. What OCI does not report is estimated from the text. */
export interface CountedCall {
  /** Adds text of the answer. */
  text(text: string): void
  /** Sets the token counts. Returns the cost of the call in nano-dollars, if the model has a price. */
  usage(usage: TokenCounts): number | undefined
  /** OCI has selected a region or a model for a routing profile. */
  servedBy(selected: { region?: string | undefined; model?: string | undefined }): void
  /** OCI has answered completely, and stores the conversation under an id. */
  complete(storedId?: string): void
  /** OCI has refused the call or failed, so it costs nothing. Has no effect once text has arrived. */
  refuse(): void
  /** Reserves one more call like this one. Returns whether it fits; `true` if OCI refused this one. */
  repeat(): boolean | Promise<boolean>
}

/** The reason of an error for a limit of the client's key, which no other model or region avoids. */
export const KEY_LIMIT = 'key_limit'
