import type { Model } from '../catalogue.ts'
import type { Answer, Finish } from '../prompt.ts'
import type { ServiceError } from '../service-error.ts'
import type { GenericToolCall } from './generic-request.ts'
import type { WireMessage, WireUsage } from './generic-wire.ts'
import type { Rule } from './rule.ts'

/** A call that has its id, if the family gives any. */
export interface IdentifiedCall {
  id: string | undefined
  name: string
  arguments: string
}

/** Where the GENERIC families differ. */
export interface VendorTraits {
  /** What the vendor insists on, beyond the rules of the format. */
  rules: readonly Rule[]
  tooLong(tokens: number, model: Model): ServiceError
  unsupported(field: string): ServiceError
  endsWithDone: boolean
  /** Whether a stream opens with an empty text. */
  startsWithEmptyText: boolean
  /** Whether thoughts are shown, or only counted. */
  exposesReasoning(model: Model): boolean
  /** A new id for a call; `undefined` where the family gives none. */
  callId(): string | undefined
  /** One call, cut as the family's streams cut it. */
  fragments(call: IdentifiedCall): readonly GenericToolCall[]
  /** Whether the last piece of a text or of a call comes with the finish reason. */
  endsWithFinish(kind: 'text' | 'call', model: Model): boolean
  /** What else the finish event says. */
  finishMessage: WireMessage | undefined
  finishReasonFor(finish: Finish, model: Model): string
  usage(tokens: Answer['tokens']): WireUsage
}

/** A call in one piece. */
export function wholeCall({ id, name, arguments: json }: IdentifiedCall): GenericToolCall {
  return { type: 'FUNCTION', ...(id === undefined ? {} : { id }), name, arguments: json }
}

/** Arguments as models write them: a few characters at a time. */
export function argumentPieces(json: string): readonly GenericToolCall[] {
  const pieces = json.match(/[^]{1,9}/gu) ?? []
  return pieces.map((piece) => ({ type: 'FUNCTION', arguments: piece }))
}

/** Random characters of an alphabet, for the ids that vendors make. */
export function randomText(length: number, alphabet: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('')
}

/** Usage as most vendors count: what was thought is part of what was completed. */
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
