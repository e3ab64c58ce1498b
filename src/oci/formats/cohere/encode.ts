import type { ChatRequest, Message } from '../../../chat/model.ts'
import type { Steps } from '../../../steps.ts'
import { supportedParameters } from '../request/parameters.ts'
import type { EncodedRequest, EncodeOptions } from '../format.ts'
import type { RefusableParameter } from '../../models/parameter-names.ts'
import { warnAboutRepeatedTools } from '../request/distinct-tools.ts'
import { allDocuments, readFiles } from './documents.ts'
import { type Conversation, encodeHistory, textOf } from './encode-history.ts'
import { endWithUser } from './end-with-user.ts'
import { encodeSampling } from './encode-sampling.ts'
import { encodeTools, offerTools } from './encode-tools.ts'
import type { CohereChatRequest } from './wire.ts'

export interface EncodedCohereRequest extends EncodedRequest {
  chatRequest: CohereChatRequest
}

/** Parameters that the format lacks, except for `toolChoice`: fewer tools are offered instead. */
const MISSING: readonly RefusableParameter[] = [
  'logprobs',
  'logitBias',
  'choices',
  'parallelToolCalls',
  'reasoningEffort',
  'verbosity',
  'prediction',
  'webSearch',
  'metadata',
  'serviceTier',
]

/** Encodes a repaired conversation in the COHERE format. Members that are `undefined` are not sent. */
export function* encodeRequest(
  request: ChatRequest,
  options: EncodeOptions,
): Steps<EncodedCohereRequest> {
  const { model } = request
  const { messages, warnings: ended } = endWithUser(request.messages)
  const { profile, names } = options
  const parameters = supportedParameters(request, profile, MISSING)
  const { sampling, warnings } = encodeSampling(request, parameters, options)
  const offered = offerTools(request)
  return {
    chatRequest: {
      apiFormat: 'COHERE',
      ...withSingleStep(yield* encodeHistory(messages, names), profile),
      preambleOverride: preambleOf(messages),
      documents: allDocuments(parameters.get('documents'), readFiles(messages, model)),
      tools: offered.tools.length > 0 ? yield* encodeTools(offered.tools, options) : undefined,
      ...sampling,
    },
    warnings: [
      ...ended,
      ...parameters.warnings,
      ...warnings,
      ...offered.warnings,
      ...warnAboutRepeatedTools(offered.tools, names),
    ],
  }
}

/** Repeats the question beside tool results, for tenancies whose service requires a single step. */
function withSingleStep(
  conversation: Conversation,
  { forceSingleStep }: EncodeOptions['profile'],
): Conversation & Pick<CohereChatRequest, 'isForceSingleStep'> {
  const { toolResults, chatHistory = [] } = conversation
  if (!forceSingleStep || !toolResults) return conversation
  const question = chatHistory.findLast((turn) => turn.role === 'USER')
  return { ...conversation, message: question?.message ?? '', isForceSingleStep: true }
}

/** The format has one field for instructions: those of all messages are joined. */
function preambleOf(messages: readonly Message[]): string | undefined {
  const texts = messages.flatMap((message) =>
    message.role === 'system' || message.role === 'developer' ? [textOf(message.content)] : []
  )
  return texts.filter(Boolean).join('\n\n') || undefined
}
