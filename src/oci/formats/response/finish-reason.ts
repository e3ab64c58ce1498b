import { ApiError } from '../../../errors.ts'
import type { FinishReason } from '../../../chat/model.ts'
import { FAILED_FINISH } from '../../http/error.ts'
import { asText } from '../../json.ts'

/** Every spelling observed, in lower case: the vendors behind OCI use different ones. */
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

/** The members that describe the end of a choice, in any format. */
interface WireFinish {
  finishReason?: unknown
  errorMessage?: unknown
}

/** Reads the finish reason of a choice with `toolCalls` tool calls. Throws when it is an error. */
export function readFinish(
  { finishReason, errorMessage }: WireFinish,
  toolCalls: number,
  onUnknown: ((reason: string) => void) | undefined,
): FinishReason {
  const text = asText(finishReason)
  const reason = decodeFinishReason(text, onUnknown)
  if (reason === 'error') throw failedReply(text, asText(errorMessage))
  return finalFinishReason(reason, toolCalls)
}

/** Decodes a finish reason in any vendor's spelling. An unknown one is reported and means `stop`. */
export function decodeFinishReason(
  reason: string,
  onUnknown?: (reason: string) => void,
): FinishReason | 'error' {
  const known = FINISH_REASONS.get(reason.toLowerCase())
  if (known === undefined && reason !== '') onUnknown?.(reason)
  return known ?? 'stop'
}

/** Corrects the reason: some models send "stop" after tool calls, and agents rely on the reason. */
export function finalFinishReason(reason: FinishReason, toolCalls: number): FinishReason {
  if (reason === 'stop' && toolCalls > 0) return 'tool-calls'
  if (reason === 'tool-calls' && toolCalls === 0) return 'stop'
  return reason
}

const FAILURES = new Map([
  ['error', 'the model reported an error'],
  ['error_limit', 'prompt and reply have too many tokens'],
  ['user_cancel', 'the reply was cancelled'],
  ['malformed_function_call', 'the model wrote an invalid tool call'],
  ['unexpected_tool_call', 'the model called a tool that is not in "tools"'],
  ['too_many_tool_calls', 'the model called too many tools in a row'],
])

/**
 * The error of a finish reason that is an error. A prompt can cause it: it is reported, not retried,
 * and does not count as an upstream failure.
 */
function failedReply(finishReason: string, errorMessage: string): ApiError {
  const reason = finishReason.toLowerCase()
  const detail = errorMessage || FAILURES.get(reason) || 'unknown error'
  if (reason === 'error_limit') {
    const message = `This model's maximum context length is exceeded: ${detail}`
    return new ApiError('context_length_exceeded', message, { reason: FAILED_FINISH })
  }
  return new ApiError('upstream_unavailable', `The model failed to complete the reply: ${detail}`, {
    reason: FAILED_FINISH,
  })
}
