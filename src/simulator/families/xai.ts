import type { Answer } from '../prompt.ts'
import { randomText } from '../ids.ts'
import { wholeCall } from './vendor-traits.ts'
import { genericFamily } from './generic.ts'
import type { WireUsage } from './generic-wire.ts'
import { noDeveloper } from './message-rules.ts'
import { only, rejectFields, xaiVendorError } from './rule.ts'
import { xaiSchemas } from './schema-rules.ts'

const MINI = /^xai\.grok-3-mini/
const NOT_MINI = /^xai\.(?!grok-3-mini)/
const REASONING = /^xai\.grok-(?:4$|code-fast|.*(?<!non)-reasoning)/

/** Grok: complete tool calls; completion tokens exclude reasoning tokens. */
export const XAI = genericFamily({
  rules: [
    only(
      /multi-agent/,
      () => xaiVendorError('Multi Agent requests are not allowed on chat completions'),
    ),
    only(
      NOT_MINI,
      rejectFields(
        ['reasoningEffort'],
        () => xaiVendorError('This model does not support `reasoning_effort`'),
      ),
    ),
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

function usage({ prompt, visible, reasoning }: Answer['tokens']): WireUsage {
  return {
    completionTokens: visible,
    promptTokens: prompt,
    totalTokens: prompt + visible + reasoning,
    completionTokensDetails: { acceptedPredictionTokens: 0, reasoningTokens: reasoning },
    promptTokensDetails: { cachedTokens: Math.max(0, prompt - 1) },
  }
}
