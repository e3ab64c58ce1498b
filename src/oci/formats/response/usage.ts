import type { Usage } from '../../../chat/model.ts'
import { asNumber, asObject } from '../../json.ts'

interface WireUsage {
  promptTokens?: unknown
  completionTokens?: unknown
  totalTokens?: unknown
  /** Cohere's names of the first two. */
  inputTokens?: unknown
  outputTokens?: unknown
  promptTokensDetails?: unknown
  completionTokensDetails?: unknown
}

interface WireCompletionDetails {
  reasoningTokens?: unknown
  acceptedPredictionTokens?: unknown
  rejectedPredictionTokens?: unknown
}

interface Counts {
  prompt: number | undefined
  completion: number | undefined
  total: number | undefined
  reasoning: number | undefined
}

/** Decodes OCI's token counts, which all formats share; `undefined` when there are none. */
export function decodeUsage(json: unknown): Usage | undefined {
  const wire: WireUsage = asObject(json)
  const promptDetails: { cachedTokens?: unknown } = asObject(wire.promptTokensDetails)
  const details: WireCompletionDetails = asObject(wire.completionTokensDetails)
  const reasoning = asNumber(details.reasoningTokens)
  const counts: Counts = {
    prompt: asNumber(wire.promptTokens) ?? asNumber(wire.inputTokens),
    completion: asNumber(wire.completionTokens) ?? asNumber(wire.outputTokens),
    total: asNumber(wire.totalTokens),
    reasoning,
  }
  if ((counts.prompt ?? counts.completion ?? counts.total) === undefined) return undefined
  const completion = completionTokens(counts)
  const prompt = counts.prompt ?? Math.max(0, (counts.total ?? completion) - completion)
  return {
    prompt,
    completion,
    total: counts.total ?? prompt + completion,
    cached: asNumber(promptDetails.cachedTokens),
    reasoning,
    acceptedPrediction: asNumber(details.acceptedPredictionTokens),
    rejectedPrediction: asNumber(details.rejectedPredictionTokens),
  }
}

/**
 * xAI counts reasoning separately from completion (recorded: 7 + 21 + 192 reasoning = 220); clients
 * expect it included. A model that used all tokens for reasoning may report no completion.
 */
function completionTokens({ prompt = 0, completion, total, reasoning = 0 }: Counts): number {
  if (completion === undefined) return Math.max(0, (total ?? prompt) - prompt)
  const gap = (total ?? 0) - prompt - completion
  return gap > 0 && gap === reasoning ? completion + gap : completion
}
