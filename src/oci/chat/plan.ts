import type { ChatRequest } from '../../chat/model.ts'
import type { RequestLimits } from '../../limits.ts'
import type { Platform } from '../../platform.ts'
import type { Steps } from '../../steps.ts'
import { adaptRequest } from './adapt-request.ts'
import type { ReservedUse } from '../call.ts'
import type { Destination } from '../formats/envelope.ts'
import type { ChatFormat, EncodeOptions } from '../formats/format.ts'
import { FORMATS } from '../formats/registry.ts'
import type { ModelProfile } from '../models/profiles.ts'
import { createSchemaBudget } from '../formats/schema/budget.ts'
import { serialize } from '../http/serialize.ts'
import { prepareMedia } from './prepare-media.ts'
import { requiredCalls } from './fan-out.ts'
import type { ToolNames } from '../formats/request/tool-names.ts'

/** An encoded chat call, and what is needed to read its answer. It may be sent several times. */
export interface ChatPlan {
  /** OCI's name or OCID of the model. */
  model: string
  profile: ModelProfile
  format: ChatFormat
  /** Sent in addition to the common headers. */
  headers: Readonly<Record<string, string>>
  body: Uint8Array<ArrayBuffer>
  names: ToolNames
  /** Number of calls: one for each choice if a call cannot return several. */
  calls: number
  /** Number of choices of one call. */
  choices: number
  /** Number of alternatives for each token's log probability. */
  alternatives: number
  /** Whether the answer's text is searched for tool calls. */
  parseToolCallsFromText: boolean
  warnings: readonly string[]
  /** What is reserved for the calls; absent on a gateway without a store. */
  reserved?: ReservedUse | undefined
}

/** The model and the compartment of a call. */
export interface ChatTarget extends Destination {
  profile: ModelProfile
  signatures?: EncodeOptions['signatures']
  /** Defaults to `DEFAULT_REQUEST_LIMITS`. */
  limits?: RequestLimits | undefined
  encodeText?: Platform['encodeText']
}

/** Translates a conversation for one model. The body is serialized once, here. */
export function* planChat(
  request: ChatRequest,
  target: ChatTarget,
  stream: boolean,
): Steps<ChatPlan> {
  const { model, profile, signatures, limits, encodeText } = target
  const format = FORMATS[profile.format]
  const multipleChoices = profile.multipleChoices && format.multipleChoices
  const calls = requiredCalls(request, { multipleChoices })
  const choices = calls > 1 ? 1 : request.choices ?? 1
  const readable = prepareMedia(request, { model, profile, format })
  yield
  const own = calls > 1 ? { ...readable.request, choices: undefined } : readable.request
  const adapted = yield* adaptRequest(own, profile)
  const names = format.createToolNames(adapted.request.tools.map(({ name }) => name))
  const encoded = yield* format.encodeRequest({ ...adapted.request, model }, {
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
    body: yield* serialize(format.envelope.wrap(encoded.chatRequest, target), encodeText),
    warnings: [...readable.warnings, ...adapted.warnings, ...encoded.warnings],
  }
}
