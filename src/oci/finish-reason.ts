import { ApiError } from '../errors.ts'
import type { FinishReason } from '../chat/model.ts'

/** Every spelling seen, lower-cased: each vendor behind OCI has its own. */
const FINISH_REASONS = new Map<string, FinishReason | 'error'>([
  ['stop', 'stop'],
  ['complete', 'stop'],
  ['stop_sequence', 'stop'],
  ['user_cancel', 'stop'],
  ['end_turn', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['error_limit', 'length'],
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
  ['error', 'error'],
])

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
export function settleFinishReason(reason: FinishReason, toolCalls: number): FinishReason {
  if (reason === 'stop' && toolCalls > 0) return 'tool-calls'
  if (reason === 'tool-calls' && toolCalls === 0) return 'stop'
  return reason
}

/** An answer that the model's side ended by failing. */
export function failedAnswer(errorMessage: string): ApiError {
  const state = errorMessage || 'the model ended it with an error'
  return new ApiError('upstream_unavailable', `Cannot complete the answer: ${state}`)
}
