import { ApiError } from '../../errors.ts'
import { MAX_ARGUMENTS_LENGTH, MAX_CALLS_PER_MESSAGE } from '../../limits.ts'
import type { AssistantMessage } from '../model.ts'
import { locationOf } from './location.ts'

/**
 * Throws an `invalid_request` that names a message whose tool calls or arguments exceed the limits,
 * so that the work on one message takes little time.
 */
export function checkCalls(message: AssistantMessage, index: number): void {
  const { toolCalls } = message
  const location = locationOf(message, index)
  if (toolCalls.length > MAX_CALLS_PER_MESSAGE) {
    throw tooLarge(location, `must have at most ${MAX_CALLS_PER_MESSAGE} tool calls`)
  }
  const length = toolCalls.reduce((sum, call) => sum + call.arguments.length, 0)
  if (length <= MAX_ARGUMENTS_LENGTH) return
  throw tooLarge(
    location,
    `must have at most ${MAX_ARGUMENTS_LENGTH} characters in the arguments of its tool calls`,
  )
}

function tooLarge(location: string, rule: string): ApiError {
  return new ApiError('invalid_request', `"${location}" ${rule}`, {
    param: location,
    reason: 'limit',
  })
}
