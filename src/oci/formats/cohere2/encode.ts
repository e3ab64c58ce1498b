import type { ChatRequest, ReasoningEffort } from '../../../chat/model.ts'
import { supportedParameters } from '../request/parameters.ts'
import { allDocuments } from '../cohere/documents.ts'
import { encodeSampling } from '../cohere/encode-sampling.ts'
import type { EncodedRequest, EncodeOptions } from '../format.ts'
import type { RefusableParameter } from '../../models/profiles.ts'
import { warnAboutRepeatedTools } from '../request/distinct-tools.ts'
import { encodeMessage } from './encode-message.ts'
import { encodeToolUse } from './encode-tools.ts'
import type { Cohere2ChatRequest } from './wire.ts'

export interface EncodedCohere2Request extends EncodedRequest {
  chatRequest: Cohere2ChatRequest
}

/** What the format has no words for. */
const MISSING: readonly RefusableParameter[] = [
  'logitBias',
  'choices',
  'parallelToolCalls',
  'verbosity',
  'prediction',
  'webSearch',
  'metadata',
  'serviceTier',
]

/** Tells a mended conversation in the COHEREV2 format. Members that are `undefined` are not sent. */
export function encodeRequest(
  request: ChatRequest,
  options: EncodeOptions,
): EncodedCohere2Request {
  const { messages, model, tools } = request
  const { profile, names } = options
  const admission = supportedParameters(request, profile, MISSING)
  const { sampling, warnings } = encodeSampling(request, admission, options)
  const logprobs = admission.take('logprobs')
  return {
    chatRequest: {
      apiFormat: 'COHEREV2',
      messages: messages.map((message) => encodeMessage(message, model, options)),
      documents: allDocuments(admission.take('documents'), []),
      ...encodeToolUse(request, options),
      ...sampling,
      isLogProbsEnabled: logprobs === undefined ? undefined : true,
      thinking: encodeThinking(admission.take('reasoningEffort')),
    },
    warnings: [
      ...admission.warnings,
      ...warnings,
      ...(logprobs ? ['top_logprobs: only the chosen tokens are told'] : []),
      ...warnAboutRepeatedTools(tools, names),
    ],
  }
}

/** The model thinks or it does not: there are no degrees. */
function encodeThinking(effort: ReasoningEffort | undefined): Cohere2ChatRequest['thinking'] {
  if (effort === undefined) return undefined
  return { type: effort === 'none' ? 'DISABLED' : 'ENABLED' }
}
