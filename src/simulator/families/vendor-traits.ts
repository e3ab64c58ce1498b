import type { Model } from '../catalogue.ts'
import type { Answer, Finish } from '../prompt.ts'
import type { ServiceError } from '../service-error.ts'
import { splitArguments } from '../text-tokens.ts'
import type { GenericToolCall } from './generic-request.ts'
import type { WireMessage, WireUsage } from './generic-wire.ts'
import type { Rule } from './rule.ts'

/** A tool call with its id, if the family uses ids. */
export interface IdentifiedCall {
  id: string | undefined
  name: string
  arguments: string
}

/** The differences between the GENERIC families. */
export interface VendorTraits {
  /** The vendor's rules, in addition to those of the format. */
  rules: readonly Rule[]
  tooLong(tokens: number, model: Model): ServiceError
  unsupported(field: string): ServiceError
  endsWithDone: boolean
  /** Whether a stream starts with an empty text. */
  startsWithEmptyText: boolean
  /** Whether the reasoning text is returned or only its tokens are counted. */
  exposesReasoning(model: Model): boolean
  /** A new id for a tool call; `undefined` if the family uses no ids. */
  callId(): string | undefined
  /** Splits a tool call as the family streams it. */
  fragments(call: IdentifiedCall): readonly GenericToolCall[]
  /** Whether the last delta of a text or of a call is sent with the finish reason. */
  endsWithFinish(kind: 'text' | 'call', model: Model): boolean
  /** The message of the finish event. */
  finishMessage: WireMessage | undefined
  finishReasonFor(finish: Finish, model: Model): string
  usage(tokens: Answer['tokens']): WireUsage
}

/** A complete tool call. */
export function wholeCall({ id, name, arguments: json }: IdentifiedCall): GenericToolCall {
  return { type: 'FUNCTION', ...(id === undefined ? {} : { id }), name, arguments: json }
}

/** The fragments of streamed arguments. */
export function argumentFragments(json: string): readonly GenericToolCall[] {
  return splitArguments(json).map((text) => ({ type: 'FUNCTION', arguments: text }))
}

/** Usage as most vendors count it: completion tokens include reasoning tokens. */
export function usageOf({ prompt, visible, reasoning }: Answer['tokens']): WireUsage {
  const completionTokens = visible + reasoning
  const usage = {
    completionTokens,
    promptTokens: prompt,
    totalTokens: prompt + completionTokens,
  }
  if (reasoning === 0) return usage
  const details = { acceptedPredictionTokens: 0, reasoningTokens: reasoning }
  return { ...usage, completionTokensDetails: details }
}
