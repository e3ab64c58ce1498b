import { badRequest, type ServiceError } from '../service-error.ts'
import type { GenericChatRequest, GenericMessage } from './generic-request.ts'
import { openAiVendorError } from './rule.ts'

/** The ids of the tool calls of a turn and of the results after it. */
interface Round {
  called: readonly string[]
  answered: readonly string[]
}

/** A tool message has to answer a call of the last turn before it and its results. */
export function resultsFollowCalls(
  { messages = [] }: GenericChatRequest,
): ServiceError | undefined {
  const unmatched = messages.find((message, at) =>
    message.role === 'TOOL' && !roundBefore(messages, at).called.includes(message.toolCallId ?? '')
  )
  if (!unmatched) return undefined
  return badRequest(
    `Invalid parameter: 'toolCallId' of '${
      unmatched.toolCallId ?? ''
    }' not found in 'toolCalls' of ` +
      'previous message.',
  )
}

/** OpenAI requires a result for every call. */
export function everyCallAnswered({ messages = [] }: GenericChatRequest): ServiceError | undefined {
  const unanswered = rounds(messages).flatMap(({ called, answered }) =>
    called.filter((id) => !answered.includes(id))
  )
  if (unanswered.length === 0) return undefined
  return openAiVendorError(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each " +
      `'tool_call_id'. The following tool_call_ids did not have response messages: ${
        unanswered.join(', ')
      }`,
    'messages',
    'invalid_value',
  )
}

/** Gemini allows one call in a turn, requires its result next, and content beside the call. */
export function oneResultPerCall({ messages = [] }: GenericChatRequest): ServiceError | undefined {
  const unpaired = rounds(messages).find(({ called, answered }) =>
    called.length > 1 || answered.length !== called.length
  )
  if (unpaired) {
    return badRequest(
      'Please ensure that the number of function response parts is equal to the number of ' +
        'function call parts of the function call turn.',
    )
  }
  const withoutText = messages.find(({ toolCalls = [], content }) =>
    toolCalls.length > 0 && (content ?? []).length === 0
  )
  return withoutText
    ? badRequest('Message content cannot be empty', 'a call without text')
    : undefined
}

/** Llama rejects parallel tool calls in the history. */
export function noParallelCalls(request: GenericChatRequest): ServiceError | undefined {
  const hasParallelCalls = (request.messages ?? []).some(({ toolCalls = [] }) =>
    toolCalls.length > 1
  )
  if (!hasParallelCalls && request.isParallelToolCalls !== true) return undefined
  return badRequest('Parallel tool call is not supported yet.')
}

function rounds(messages: readonly GenericMessage[]): readonly Round[] {
  return messages.flatMap(({ toolCalls = [] }, at) =>
    toolCalls.length === 0 ? [] : [roundFrom(messages, at)]
  )
}

function roundBefore(messages: readonly GenericMessage[], at: number): Round {
  return roundFrom(messages, messages.slice(0, at).findLastIndex(({ role }) => role !== 'TOOL'))
}

function roundFrom(messages: readonly GenericMessage[], at: number): Round {
  const after = messages.slice(at + 1)
  const end = after.findIndex(({ role }) => role !== 'TOOL')
  const results = end < 0 ? after : after.slice(0, end)
  return {
    called: (messages[at]?.toolCalls ?? []).map(({ id = '' }) => id),
    answered: results.map(({ toolCallId = '' }) => toolCallId),
  }
}
