import type { ChatRequest, Message } from '../../../chat/model.ts'
import { supportedParameters } from '../request/parameters.ts'
import type { EncodedRequest, EncodeOptions } from '../format.ts'
import type { RefusableParameter } from '../../models/profiles.ts'
import { warnAboutRepeatedTools } from '../request/distinct-tools.ts'
import { allDocuments, readFiles } from './documents.ts'
import { encodeHistory, textOf } from './encode-history.ts'
import { encodeSampling } from './encode-sampling.ts'
import { encodeTools, offerTools } from './encode-tools.ts'
import type { CohereChatRequest } from './wire.ts'

export interface EncodedCohereRequest extends EncodedRequest {
  chatRequest: CohereChatRequest
}

/** What the format has no words for. A choice of tools it has none for either, but offers fewer. */
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

/** Tells a mended conversation in the COHERE format. Members that are `undefined` are not sent. */
export function encodeRequest(request: ChatRequest, options: EncodeOptions): EncodedCohereRequest {
  const { messages, model } = request
  const { profile, names } = options
  const admission = supportedParameters(request, profile, MISSING)
  const { sampling, warnings } = encodeSampling(request, admission, options)
  const offered = offerTools(request)
  return {
    chatRequest: {
      apiFormat: 'COHERE',
      ...encodeHistory(messages, model, names),
      preambleOverride: preambleOf(messages),
      documents: allDocuments(admission.take('documents'), readFiles(messages, model)),
      tools: offered.tools.length > 0 ? encodeTools(offered.tools, options) : undefined,
      ...sampling,
    },
    warnings: [
      ...admission.warnings,
      ...warnings,
      ...offered.warnings,
      ...warnAboutRepeatedTools(offered.tools, names),
    ],
  }
}

/** There is one place for instructions, so those of every message are one text. */
function preambleOf(messages: readonly Message[]): string | undefined {
  const texts = messages.flatMap((message) =>
    message.role === 'system' || message.role === 'developer' ? [textOf(message.content)] : []
  )
  return texts.filter(Boolean).join('\n\n') || undefined
}
