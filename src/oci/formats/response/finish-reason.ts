import { ApiError } from '../../../errors.ts'
import type { FinishReason } from '../../../chat/model.ts'
import { FAILED_FINISH } from '../../http/error.ts'
import { asText } from '../../json.ts'

/** Every spelling seen, lower-cased: each vendor behind OCI has its own. */
const FINISH_REASONS = new Map<string, FinishReason | 'error'>([
  ['stop', 'stop'],
  ['complete', 'stop'],
  ['stop_sequence', 'stop'],
  ['end_turn', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['max_output_tokens', 'length'],
  ['tool_calls', 'tool-calls'],
  ['tool_call', 'tool-calls'],
  ['tool_use', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
  ['error_toxic', 'content-filter'],
  ['safety', 'content-filter'],
  ['recitation', 'content-filter'],
  ['blocklist', 'content-filter'],
  ['prohibited_content', 'content-filter'],
  ['spii', 'content-filter'],
  ['image_safety', 'content-filter'],
  ['error', 'error'],
  ['error_limit', 'error'],
  ['user_cancel', 'error'],
  ['malformed_function_call', 'error'],
  ['unexpected_tool_call', 'error'],
  ['too_many_tool_calls', 'error'],
])

/** What an answer says of its end, in any format. */
interface WireFinish {
  finishReason?: unknown
  errorMessage?: unknown
}

/** Why an answer with so many tool calls ended; one that ended by failing is thrown. */
export function readFinish(
  { finishReason, errorMessage }: WireFinish,
  toolCalls: number,
  noteUnknown: ((word: string) => void) | undefined,
): FinishReason {
  const word = asText(finishReason)
  const reason = decodeFinishReason(word, noteUnknown)
  if (reason === 'error') throw failedAnswer(word, asText(errorMessage))
  return finalFinishReason(reason, toolCalls)
}

/** Why an answer ended, in any vendor's spelling: a word nobody knows is noted, and a plain stop. */
export function decodeFinishReason(
  word: string,
  noteUnknown?: (word: string) => void,
): FinishReason | 'error' {
  const known = FINISH_REASONS.get(word.toLowerCase())
  if (known === undefined && word !== '') noteUnknown?.(word)
  return known ?? 'stop'
}

/** What the client is told: some models say "stop" after calling tools, and agents go by the word. */
export function finalFinishReason(reason: FinishReason, toolCalls: number): FinishReason {
  if (reason === 'stop' && toolCalls > 0) return 'tool-calls'
  if (reason === 'tool-calls' && toolCalls === 0) return 'stop'
  return reason
}

const FAILURES = new Map([
  ['error', 'the model ended it with an error'],
  ['error_limit', 'prompt and answer have too many tokens'],
  ['user_cancel', 'it was cancelled'],
  ['malformed_function_call', 'the model wrote a tool call that cannot be read'],
  ['unexpected_tool_call', 'the model called a tool that was not offered'],
  ['too_many_tool_calls', 'the model called too many tools in a row'],
])

/**
 * An answer that the model's side ended by failing, for the reason of this `word`. One prompt can
 * provoke it: it is reported, not repeated, and not held against the upstream.
 */
function failedAnswer(word: string, errorMessage: string): ApiError {
  const state = errorMessage || FAILURES.get(word.toLowerCase()) || 'the model ended it'
  if (word.toLowerCase() === 'error_limit') {
    const message = `This model's maximum context length is exceeded: ${state}`
    return new ApiError('context_length_exceeded', message, { reason: FAILED_FINISH })
  }
  return new ApiError('upstream_unavailable', `Cannot complete the answer: ${state}`, {
    reason: FAILED_FINISH,
  })
}
