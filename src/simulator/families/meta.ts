import { badRequest } from '../service-error.ts'
import {
  argumentPieces,
  type IdentifiedCall,
  randomText,
  usageOf,
  type VendorTraits,
} from './vendor-traits.ts'
import { genericFamily } from './generic.ts'
import type { GenericToolCall } from './generic-request.ts'
import { atMostImages, noDeveloper } from './message-rules.ts'
import { noParallelCalls } from './pairing-rules.ts'
import { only, rejectFields } from './rule.ts'

/** What the machines that run Llama do with every model. */
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
  tooLong: (tokens, { context }) =>
    badRequest(
      `This model's maximum context length is ${context} tokens. However, you requested ${tokens} ` +
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

/** Llama: opens with an empty text, and brings calls in fragments that only the first names. */
export const META = genericFamily(META_TRAITS)

/** An opening without arguments, the arguments, and an empty fragment that closes them. */
function fragments({ id, name, arguments: json }: IdentifiedCall): readonly GenericToolCall[] {
  return [
    { type: 'FUNCTION', ...(id === undefined ? {} : { id }), name },
    ...argumentPieces(json),
    { type: 'FUNCTION', arguments: '' },
  ]
}
