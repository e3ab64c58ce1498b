import { cachedTokensOf } from '../billing/bill-answers.ts'
import type { Answer } from '../prompt.ts'
import { randomText } from '../ids.ts'
import type { ServiceError } from '../service-error.ts'
import { wholeCall } from './vendor-traits.ts'
import { genericFamily } from './generic.ts'
import type { GenericChatRequest } from './generic-request.ts'
import type { WireUsage } from './generic-wire.ts'
import { noDeveloper } from './message-rules.ts'
import { only, rejectFields, xaiVendorError } from './rule.ts'
import { xaiSchemas } from './schema-rules.ts'

const MINI = /^xai\.grok-3-mini/
/** Models that reject any effort. */
const WITHOUT_EFFORT = /^xai\.(?!grok-3-mini|grok-4\.[367])/
/** Models that always reason. */
const ALWAYS_REASONS = /^xai\.grok-4\.[67]/
const REASONING = /^xai\.grok-(?:4$|code-fast|.*(?<!non)-reasoning)/

/** Grok: complete tool calls; completion tokens exclude reasoning tokens. */
export const XAI = genericFamily({
  rules: [
    only(
      /multi-agent/,
      () => xaiVendorError('Multi Agent requests are not allowed on chat completions'),
    ),
    only(
      WITHOUT_EFFORT,
      rejectFields(
        ['reasoningEffort'],
        () => xaiVendorError('This model does not support `reasoning_effort`'),
      ),
    ),
    only(ALWAYS_REASONS, rejectWithoutReasoning),
    only(
      REASONING,
      rejectFields(
        ['stop', 'presencePenalty', 'frequencyPenalty'],
        (name) => xaiVendorError(`Argument not supported on this model: ${name}`),
      ),
    ),
    noDeveloper,
    xaiSchemas,
  ],
  tooLong: (tokens, { contextWindow }) =>
    xaiVendorError(
      `This model's maximum prompt length is ${contextWindow} but the request contains ${tokens} tokens.`,
    ),
  unsupported: (field) => xaiVendorError(`Argument not supported on this model: ${field}`),
  endsWithDone: false,
  startsWithEmptyText: false,
  exposesReasoning: ({ name }) => MINI.test(name),
  callId: () => `call_${randomText(8, '0123456789')}`,
  fragments: (call) => [wholeCall(call)],
  endsWithFinish: () => false,
  finishMessage: undefined,
  finishReasonFor: (finish) => finish,
  usage,
})

function rejectWithoutReasoning(
  { reasoningEffort: effort }: GenericChatRequest,
): ServiceError | undefined {
  if (effort !== 'NONE' && effort !== 'MINIMAL') return undefined
  return xaiVendorError(
    `This model does not support \`reasoning_effort\` value \`${effort.toLowerCase()}\`. ` +
      'Supported values are: low, medium, high, xhigh',
  )
}

function usage({ prompt, visible, reasoning }: Answer['tokens']): WireUsage {
  return {
    completionTokens: visible,
    promptTokens: prompt,
    totalTokens: prompt + visible + reasoning,
    completionTokensDetails: { acceptedPredictionTokens: 0, reasoningTokens: reasoning },
    promptTokensDetails: { cachedTokens: cachedTokensOf(prompt) },
  }
}
