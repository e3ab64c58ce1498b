import type { ChatRequest } from '../../../chat/model.ts'
import { type SupportedParameters, supportedParameters } from '../request/parameters.ts'
import type { EncodedRequest, EncodeOptions } from '../format.ts'
import type { RefusableParameter } from '../../models/profiles.ts'
import { encodeJsonFormat } from '../openai/json-format.ts'
import { outputLimit } from '../request/output-limit.ts'
import { warnAboutRepeatedTools } from '../request/distinct-tools.ts'
import { encodeItems } from './encode-items.ts'
import { encodeToolUse } from './encode-tools.ts'
import type { ResponsesRequest, TextOptions } from './wire.ts'

export interface EncodedResponsesRequest extends EncodedRequest {
  chatRequest: ResponsesRequest
}

/** What Responses have no words for. */
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

/** Tells a mended conversation as a response to be made. Members that are `undefined` are not sent. */
export function encodeRequest(
  request: ChatRequest,
  options: EncodeOptions,
): EncodedResponsesRequest {
  const { profile, stream, names } = options
  const admission = supportedParameters(request, profile, MISSING)
  const limit = outputLimit(request, profile)
  const { take } = admission
  const effort = take('reasoningEffort')
  return {
    chatRequest: {
      input: request.messages.flatMap((message) => encodeItems(message, request.model, options)),
      store: false,
      stream: stream || undefined,
      max_output_tokens: limit.tokens,
      temperature: take('temperature'),
      top_p: take('topP'),
      reasoning: effort && { effort },
      text: encodeText(admission, options),
      ...encodeToolUse(request, admission, options),
      ...encodeLogprobs(admission),
      metadata: take('metadata'),
      service_tier: take('serviceTier'),
    },
    warnings: [
      ...admission.warnings,
      ...limit.warnings,
      ...warnAboutRepeatedTools(request.tools, names),
    ],
  }
}

function encodeText(
  { take }: SupportedParameters,
  { profile, schemas }: EncodeOptions,
): TextOptions | undefined {
  const format = take('responseFormat')
  const verbosity = take('verbosity')
  if (format === undefined && verbosity === undefined) return undefined
  return { format: format && encodeJsonFormat(format, profile, schemas), verbosity }
}

function encodeLogprobs(
  { take }: SupportedParameters,
): Pick<ResponsesRequest, 'include' | 'top_logprobs'> {
  const logprobs = take('logprobs')
  return {
    include: logprobs === undefined ? undefined : ['message.output_text.logprobs'],
    top_logprobs: logprobs || undefined,
  }
}
