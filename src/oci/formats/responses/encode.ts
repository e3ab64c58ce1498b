import type { ChatRequest } from '../../../chat/model.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { type SupportedParameters, supportedParameters } from '../request/parameters.ts'
import type { EncodedRequest, EncodeOptions } from '../format.ts'
import type { RefusableParameter } from '../../models/parameter-names.ts'
import { encodeJsonFormat } from '../openai/json-format.ts'
import { outputLimit } from '../request/output-limit.ts'
import { warnAboutRepeatedTools } from '../request/distinct-tools.ts'
import { encodeItems } from './encode-items.ts'
import { encodeToolUse } from './encode-tools.ts'
import type { ResponsesRequest, TextOptions } from './wire.ts'

export interface EncodedResponsesRequest extends EncodedRequest {
  chatRequest: ResponsesRequest
}

/** Parameters that Responses lack. */
const MISSING: readonly RefusableParameter[] = [
  'topK',
  'stop',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'logitBias',
  'choices',
  'prediction',
  'documents',
]

/** Encodes a repaired conversation as a Responses request. Members that are `undefined` are not sent. */
export function* encodeRequest(
  request: ChatRequest,
  options: EncodeOptions,
): Steps<EncodedResponsesRequest> {
  const { profile, stream, names } = options
  const parameters = supportedParameters(request, profile, MISSING)
  const limit = outputLimit(request, profile)
  const { get } = parameters
  const effort = get('reasoningEffort')
  const items = yield* mapInSteps(
    request.messages,
    (message) => encodeItems(message, request.model, options),
  )
  return {
    chatRequest: {
      input: items.flat(),
      store: false,
      stream: stream || undefined,
      max_output_tokens: limit.tokens,
      temperature: get('temperature'),
      top_p: get('topP'),
      reasoning: effort && { effort },
      text: encodeText(parameters, options),
      ...yield* encodeToolUse(request, parameters, options),
      ...encodeLogprobs(parameters),
      metadata: get('metadata'),
      service_tier: get('serviceTier'),
    },
    warnings: [
      ...parameters.warnings,
      ...limit.warnings,
      ...warnAboutRepeatedTools(request.tools, names),
    ],
  }
}

function encodeText(
  { get }: SupportedParameters,
  { profile, schemas }: EncodeOptions,
): TextOptions | undefined {
  const format = get('responseFormat')
  const verbosity = get('verbosity')
  if (format === undefined && verbosity === undefined) return undefined
  return { format: format && encodeJsonFormat(format, profile, schemas), verbosity }
}

function encodeLogprobs(
  { get }: SupportedParameters,
): Pick<ResponsesRequest, 'include' | 'top_logprobs'> {
  const logprobs = get('logprobs')
  return {
    include: logprobs === undefined ? undefined : ['message.output_text.logprobs'],
    top_logprobs: logprobs || undefined,
  }
}
