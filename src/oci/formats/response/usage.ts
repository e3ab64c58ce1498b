import * as v from 'valibot'
import type { Usage } from '../../../chat/model.ts'
import { lenient, Numeric } from '../../json.ts'

const Counts = v.object({
  promptTokens: lenient(Numeric),
  completionTokens: lenient(Numeric),
  totalTokens: lenient(Numeric),
  /** Cohere's names of the two. */
  inputTokens: lenient(Numeric),
  outputTokens: lenient(Numeric),
  promptTokensDetails: lenient(v.object({ cachedTokens: lenient(Numeric) })),
  completionTokensDetails: lenient(v.object({
    reasoningTokens: lenient(Numeric),
    acceptedPredictionTokens: lenient(Numeric),
    rejectedPredictionTokens: lenient(Numeric),
  })),
})
const WireUsage = v.pipe(
  Counts,
  v.transform(({ inputTokens, outputTokens, ...counts }) => ({
    ...counts,
    promptTokens: counts.promptTokens ?? inputTokens,
    completionTokens: counts.completionTokens ?? outputTokens,
  })),
)
type WireUsage = v.InferOutput<typeof WireUsage>

/** Decodes OCI's token counts, which all formats share; `undefined` when there are none. */
export function decodeUsage(json: unknown): Usage | undefined {
  const { success, output } = v.safeParse(WireUsage, json)
  if (!success) return undefined
  const { promptTokens, totalTokens } = output
  if ((promptTokens ?? output.completionTokens ?? totalTokens) === undefined) return undefined
  const completion = completionTokens(output)
  const prompt = promptTokens ?? Math.max(0, (totalTokens ?? completion) - completion)
  return {
    prompt,
    completion,
    total: totalTokens ?? prompt + completion,
    cached: output.promptTokensDetails?.cachedTokens,
    reasoning: output.completionTokensDetails?.reasoningTokens,
    acceptedPrediction: output.completionTokensDetails?.acceptedPredictionTokens,
    rejectedPrediction: output.completionTokensDetails?.rejectedPredictionTokens,
  }
}

/**
 * xAI counts reasoning separately from completion (recorded: 7 + 21 + 192 reasoning = 220); clients
 * expect it included. A model that used all tokens for reasoning may report no completion.
 */
function completionTokens(usage: WireUsage): number {
  const { promptTokens = 0, completionTokens: counted, totalTokens } = usage
  if (counted === undefined) return Math.max(0, (totalTokens ?? promptTokens) - promptTokens)
  const reasoning = usage.completionTokensDetails?.reasoningTokens ?? 0
  const gap = (totalTokens ?? 0) - promptTokens - counted
  return gap > 0 && gap === reasoning ? counted + gap : counted
}
