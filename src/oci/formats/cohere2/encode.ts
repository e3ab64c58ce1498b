import type { ReasoningEffort } from '../../../chat/levels.ts'
import type { ChatRequest } from '../../../chat/model.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import { supportedParameters } from '../request/parameters.ts'
import { allDocuments } from '../cohere/documents.ts'
import { encodeSampling } from '../cohere/encode-sampling.ts'
import type { EncodedRequest, EncodeOptions } from '../format.ts'
import type { RefusableParameter } from '../../models/parameter-names.ts'
import { warnAboutRepeatedTools } from '../request/distinct-tools.ts'
import { encodeMessage } from './encode-message.ts'
import { encodeToolUse } from './encode-tools.ts'
import type { Cohere2ChatRequest } from './wire.ts'

export interface EncodedCohere2Request extends EncodedRequest {
  chatRequest: Cohere2ChatRequest
}

/** Parameters that the format lacks. */
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

/** Encodes a repaired conversation in the COHEREV2 format. Members that are `undefined` are not sent. */
export function* encodeRequest(
  request: ChatRequest,
  options: EncodeOptions,
): Steps<EncodedCohere2Request> {
  const { messages, model, tools } = request
  const { profile, names } = options
  const parameters = supportedParameters(request, profile, MISSING)
  const { sampling, warnings } = encodeSampling(request, parameters, options)
  const logprobs = parameters.get('logprobs')
  return {
    chatRequest: {
      apiFormat: 'COHEREV2',
      messages: yield* mapInSteps(messages, (message) => encodeMessage(message, model, options)),
      documents: allDocuments(parameters.get('documents'), []),
      ...yield* encodeToolUse(request, options),
      ...sampling,
      isLogProbsEnabled: logprobs === undefined ? undefined : true,
      thinking: encodeThinking(parameters.get('reasoningEffort')),
    },
    warnings: [
      ...parameters.warnings,
      ...warnings,
      ...(logprobs ? ['top_logprobs: this model returns only the chosen tokens'] : []),
      ...warnAboutRepeatedTools(tools, names),
    ],
  }
}

/** Reasoning is on or off: the format has no levels. */
function encodeThinking(effort: ReasoningEffort | undefined): Cohere2ChatRequest['thinking'] {
  if (effort === undefined) return undefined
  return { type: effort === 'none' ? 'DISABLED' : 'ENABLED' }
}
