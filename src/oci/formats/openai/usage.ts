import * as v from 'valibot'
import { lenient, Numeric } from '../../json.ts'

const PromptDetails = lenient(v.object({ cached_tokens: lenient(Numeric) }))
const CompletionDetails = lenient(v.object({
  reasoning_tokens: lenient(Numeric),
  accepted_prediction_tokens: lenient(Numeric),
  rejected_prediction_tokens: lenient(Numeric),
}))
const OpenAiUsage = v.object({
  prompt_tokens: lenient(Numeric),
  completion_tokens: lenient(Numeric),
  total_tokens: lenient(Numeric),
  prompt_tokens_details: PromptDetails,
  completion_tokens_details: CompletionDetails,
  /** The names in Responses. */
  input_tokens: lenient(Numeric),
  output_tokens: lenient(Numeric),
  input_tokens_details: PromptDetails,
  output_tokens_details: CompletionDetails,
})

/** Converts OpenAI's token counts to the names of OCI's native formats; `undefined` for none. */
export function renameUsage(json: unknown): object | undefined {
  const { success, output } = v.safeParse(OpenAiUsage, json)
  if (!success) return undefined
  const prompt = output.prompt_tokens_details ?? output.input_tokens_details
  const completion = output.completion_tokens_details ?? output.output_tokens_details
  return {
    promptTokens: output.prompt_tokens ?? output.input_tokens,
    completionTokens: output.completion_tokens ?? output.output_tokens,
    totalTokens: output.total_tokens,
    promptTokensDetails: { cachedTokens: prompt?.cached_tokens },
    completionTokensDetails: {
      reasoningTokens: completion?.reasoning_tokens,
      acceptedPredictionTokens: completion?.accepted_prediction_tokens,
      rejectedPredictionTokens: completion?.rejected_prediction_tokens,
    },
  }
}
