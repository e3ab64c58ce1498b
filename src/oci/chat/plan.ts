import type { ChatRequest } from '../../chat/model.ts'
import type { RequestLimits } from '../../limits.ts'
import { adaptRequest } from './adapt-request.ts'
import type { Destination } from '../formats/envelope.ts'
import type { ChatFormat, EncodeOptions } from '../formats/format.ts'
import { FORMATS } from '../formats/registry.ts'
import type { ModelProfile } from '../models/profiles.ts'
import { createSchemaBudget } from '../formats/schema/budget.ts'
import { serialize } from '../http/serialize.ts'
import { requiredCalls } from './fan-out.ts'
import type { ToolNames } from '../formats/request/tool-names.ts'

/** A chat call ready to be sent, as often as it takes: its bytes, and how to read its answer. */
export interface ChatPlan {
  /** The model as OCI knows it. */
  model: string
  profile: ModelProfile
  format: ChatFormat
  /** Sent beside the usual ones. */
  headers: Readonly<Record<string, string>>
  body: Uint8Array<ArrayBuffer>
  names: ToolNames
  /** How often the call is made: once for each answer where it cannot bring several. */
  calls: number
  /** How many answers of a call, and how many alternatives to each token, were asked for. */
  choices: number
  alternatives: number
  /** Whether tool calls are looked for in the answer's text. */
  parseToolCallsFromText: boolean
  warnings: readonly string[]
}

/** Where and as whom a call is made. */
export interface ChatTarget extends Destination {
  profile: ModelProfile
  signatures?: EncodeOptions['signatures']
  /** `DEFAULT_REQUEST_LIMITS` when absent. */
  limits?: RequestLimits | undefined
}

/** Translates a conversation for one model; the body is serialised here and never again. */
export function planChat(request: ChatRequest, target: ChatTarget, stream: boolean): ChatPlan {
  const { model, profile, signatures, limits } = target
  const format = FORMATS[profile.format]
  const multipleChoices = profile.multipleChoices && format.multipleChoices
  const calls = requiredCalls(request, { multipleChoices })
  const choices = calls > 1 ? 1 : request.choices ?? 1
  const adapted = adaptRequest(calls > 1 ? { ...request, choices: undefined } : request, profile)
  const names = format.createToolNames(adapted.request.tools.map(({ name }) => name))
  const encoded = format.encodeRequest({ ...adapted.request, model }, {
    profile,
    stream,
    names,
    signatures,
    schemas: createSchemaBudget(adapted.request.tools, limits),
  })
  return {
    model,
    profile,
    format,
    names,
    calls,
    choices: profile.unsupportedParameters.includes('choices') ? 1 : choices,
    alternatives: request.logprobs ?? 0,
    parseToolCallsFromText: profile.parseToolCallsFromText && adapted.request.tools.length > 0,
    headers: format.envelope.headers(target),
    body: serialize(format.envelope.wrap(encoded.chatRequest, target)),
    warnings: [...adapted.warnings, ...encoded.warnings],
  }
}
