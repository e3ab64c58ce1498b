import { badRequest } from '../service-error.ts'
import {
  argumentFragments,
  type IdentifiedCall,
  usageOf,
  type VendorTraits,
} from './vendor-traits.ts'
import { randomText } from '../ids.ts'
import { genericFamily } from './generic.ts'
import type { GenericToolCall } from './generic-request.ts'
import { atMostImages, noDeveloper } from './message-rules.ts'
import { noParallelCalls } from './pairing-rules.ts'
import { only, rejectFields } from './rule.ts'

/** The traits of all models on the servers that run Llama. */
export const META_TRAITS: VendorTraits = {
  rules: [
    rejectFields(['maxCompletionTokens'], () =>
      badRequest(
        "Invalid 'maxCompletionTokens': Unsupported parameter: 'maxCompletionTokens' is not " +
          "supported with this model. Use 'maxTokens' instead.",
      )),
    noParallelCalls,
    noDeveloper,
    only(/^meta\.llama-3\.2/, atMostImages(1)),
  ],
  tooLong: (tokens, { contextWindow }) =>
    badRequest(
      `This model's maximum context length is ${contextWindow} tokens. However, you requested ${tokens} ` +
        'tokens in the messages. Please reduce the length of the messages or completion.',
    ),
  unsupported: (field) =>
    badRequest(
      `Invalid '${field}': Unsupported parameter: '${field}' is not supported with this model.`,
    ),
  endsWithDone: true,
  startsWithEmptyText: true,
  exposesReasoning: () => false,
  callId: () => `chatcmpl-tool-${randomText(16, '0123456789abcdef')}`,
  fragments,
  endsWithFinish: (kind) => kind === 'call',
  finishMessage: { role: 'ASSISTANT' },
  finishReasonFor: (finish) => finish,
  usage: usageOf,
}

/** Llama: starts with an empty text; only the first fragment of a tool call has its name. */
export const META = genericFamily(META_TRAITS)

/** The name, the arguments in fragments, and an empty fragment at the end. */
function fragments({ id, name, arguments: json }: IdentifiedCall): readonly GenericToolCall[] {
  return [
    { type: 'FUNCTION', ...(id === undefined ? {} : { id }), name },
    ...argumentFragments(json),
    { type: 'FUNCTION', arguments: '' },
  ]
}
