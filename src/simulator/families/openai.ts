import { badRequest, type Refusal } from '../refusal.ts'
import { vendorName } from '../refuse-by-directive.ts'
import {
  argumentPieces,
  type Dialect,
  type NumberedCall,
  randomText,
  usageOf,
  wholeCall,
} from './dialect.ts'
import { genericFamily } from './generic.ts'
import type { GenericChatRequest, GenericToolCall } from './generic-request.ts'
import { everyCallAnswered } from './pairing-rules.ts'
import { only, openaiRefusal, refuseFields, type Rule } from './rule.ts'
import { strictSchemas } from './schema-rules.ts'

const REASONING = /^openai\.(?:gpt-5|o\d)/
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** What holds for all that OpenAI made, open or not. */
export const OPENAI_RULES: readonly Rule[] = [noJsonObject, onlyTextAndImages, everyCallAnswered]

/** What streams and answers of all that OpenAI made have in common. */
export const OPENAI_SHAPES: Omit<Dialect, 'rules' | 'showsThoughts' | 'endsWithDone'> = {
  tooLong: (tokens, { context }) =>
    openaiRefusal(
      `This model's maximum context length is ${context} tokens. However, your messages resulted ` +
        `in ${tokens} tokens. Please reduce the length of the messages.`,
      'messages',
      'context_length_exceeded',
    ),
  unsupported: (field) =>
    openaiRefusal(
      `Unsupported parameter: '${vendorName(field)}' is not supported with this model.`,
      vendorName(field),
      'unsupported_parameter',
    ),
  opensEmpty: false,
  callId: () => `call_${randomText(24, ALPHABET)}`,
  fragments,
  ridesOnFinish: () => false,
  finishMessage: { role: 'ASSISTANT' },
  finishWord: (finish) => finish,
  usage: usageOf,
}

/** GPT: calls open with empty arguments, and all of them at the same place. */
export const OPENAI = genericFamily({
  ...OPENAI_SHAPES,
  rules: [
    only(
      REASONING,
      refuseFields(['maxTokens'], () =>
        badRequest(
          "Invalid 'maxTokens': Unsupported parameter: 'maxTokens' is not supported with this " +
            "model. Use 'maxCompletionTokens' instead.",
        )),
      defaultSampling,
    ),
    only(
      /^openai\.gpt-4/,
      refuseFields(['reasoningEffort'], () =>
        openaiRefusal(
          'This model does not support `reasoning_effort`',
          'reasoning_effort',
          'unsupported_parameter',
        )),
    ),
    ...OPENAI_RULES,
    strictSchemas,
  ],
  endsWithDone: true,
  showsThoughts: () => false,
})

function defaultSampling({ temperature, topP }: GenericChatRequest): Refusal | undefined {
  const [param, value] = (temperature ?? 1) === 1 ? ['top_p', topP] : ['temperature', temperature]
  if ((value ?? 1) === 1) return undefined
  return openaiRefusal(
    `Unsupported value: '${param}' does not support ${value} with this model. Only the default ` +
      '(1) value is supported.',
    String(param),
    'unsupported_value',
  )
}

/** Seen in Oracle's own tests: the service does not survive it. */
function noJsonObject({ responseFormat }: GenericChatRequest): Refusal | undefined {
  if (responseFormat?.type !== 'JSON_OBJECT') return undefined
  return { status: 500, code: '500', message: 'Internal Server Error', reason: 'JSON_OBJECT' }
}

function onlyTextAndImages({ messages = [] }: GenericChatRequest): Refusal | undefined {
  const parts = messages.flatMap(({ content }) => content ?? [])
  if (parts.every(({ type }) => type === 'TEXT' || type === 'IMAGE')) return undefined
  return openaiRefusal(
    'Content blocks are expected to be either text or image_url type',
    'messages',
    'invalid_value',
  )
}

function fragments(call: NumberedCall): readonly GenericToolCall[] {
  return [wholeCall({ ...call, arguments: '' }), ...argumentPieces(call.arguments)]
}
