import { badRequest, type ServiceError } from '../service-error.ts'
import { openAiName } from '../reject-by-directive.ts'
import {
  argumentFragments,
  type IdentifiedCall,
  usageOf,
  type VendorTraits,
  wholeCall,
} from './vendor-traits.ts'
import { ALPHANUMERIC, randomText } from '../ids.ts'
import { genericFamily } from './generic.ts'
import type { GenericChatRequest, GenericToolCall } from './generic-request.ts'
import { everyCallAnswered } from './pairing-rules.ts'
import { only, openAiVendorError, rejectFields, type Rule } from './rule.ts'
import { strictSchemas } from './schema-rules.ts'

const REASONING = /^openai\.(?:gpt-5|o\d)/

/** The rules of all OpenAI models, including gpt-oss. */
const COMMON_RULES: readonly Rule[] = [noJsonObject, onlyTextAndImages, everyCallAnswered]

/** The common traits of all OpenAI models, including gpt-oss. */
const COMMON_TRAITS: Omit<VendorTraits, 'rules' | 'exposesReasoning' | 'endsWithDone'> = {
  tooLong: (tokens, { contextWindow }) =>
    openAiVendorError(
      `This model's maximum context length is ${contextWindow} tokens. However, your messages resulted ` +
        `in ${tokens} tokens. Please reduce the length of the messages.`,
      'messages',
      'context_length_exceeded',
    ),
  unsupported: (field) =>
    openAiVendorError(
      `Unsupported parameter: '${openAiName(field)}' is not supported with this model.`,
      openAiName(field),
      'unsupported_parameter',
    ),
  startsWithEmptyText: false,
  callId: () => `call_${randomText(24, ALPHANUMERIC)}`,
  fragments,
  endsWithFinish: () => false,
  finishMessage: { role: 'ASSISTANT' },
  finishReasonFor: (finish) => finish,
  usage: usageOf,
}

/** GPT: the first fragment of a tool call has its name and empty arguments. */
export const OPENAI = genericFamily({
  ...COMMON_TRAITS,
  rules: [
    only(
      REASONING,
      rejectFields(['maxTokens'], () =>
        badRequest(
          "Invalid 'maxTokens': Unsupported parameter: 'maxTokens' is not supported with this " +
            "model. Use 'maxCompletionTokens' instead.",
        )),
      defaultSampling,
    ),
    only(
      /^openai\.gpt-4/,
      rejectFields(['reasoningEffort'], () =>
        openAiVendorError(
          'This model does not support `reasoning_effort`',
          'reasoning_effort',
          'unsupported_parameter',
        )),
    ),
    ...COMMON_RULES,
    strictSchemas,
  ],
  endsWithDone: true,
  exposesReasoning: () => false,
})

/** OpenAI's open models, which OCI hosts: both token limits, only text, with reasoning text. */
export const GPT_OSS = genericFamily({
  ...COMMON_TRAITS,
  rules: COMMON_RULES,
  endsWithDone: false,
  exposesReasoning: () => true,
})

function defaultSampling({ temperature, topP }: GenericChatRequest): ServiceError | undefined {
  const [param, value] = (temperature ?? 1) === 1 ? ['top_p', topP] : ['temperature', temperature]
  if ((value ?? 1) === 1) return undefined
  return openAiVendorError(
    `Unsupported value: '${param}' does not support ${value} with this model. Only the default ` +
      '(1) value is supported.',
    String(param),
    'unsupported_value',
  )
}

/** The service responds with 500, as Oracle's own tests show. */
function noJsonObject({ responseFormat }: GenericChatRequest): ServiceError | undefined {
  if (responseFormat?.type !== 'JSON_OBJECT') return undefined
  return { status: 500, code: '500', message: 'Internal Server Error', reason: 'JSON_OBJECT' }
}

function onlyTextAndImages({ messages = [] }: GenericChatRequest): ServiceError | undefined {
  const parts = messages.flatMap(({ content }) => content ?? [])
  if (parts.every(({ type }) => type === 'TEXT' || type === 'IMAGE')) return undefined
  return openAiVendorError(
    'Content blocks are expected to be either text or image_url type',
    'messages',
    'invalid_value',
  )
}

function fragments(call: IdentifiedCall): readonly GenericToolCall[] {
  return [wholeCall({ ...call, arguments: '' }), ...argumentFragments(call.arguments)]
}
