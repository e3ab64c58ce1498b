import { badRequest, type ServiceError } from '../service-error.ts'
import type { GenericChatRequest, GenericMessage } from './generic-request.ts'
import { openAiVendorError } from './rule.ts'

/** A turn that calls tools, with what follows it. */
interface Round {
  called: readonly string[]
  answered: readonly string[]
}

/** A tool message answers a call of the turn right before it, or of that turn's other results. */
export function answersCalls({ messages = [] }: GenericChatRequest): ServiceError | undefined {
  const orphan = messages.find((message, at) =>
    message.role === 'TOOL' && !roundBefore(messages, at).called.includes(message.toolCallId ?? '')
  )
  if (!orphan) return undefined
  return badRequest(
    `Invalid parameter: 'toolCallId' of '${orphan.toolCallId ?? ''}' not found in 'toolCalls' of ` +
      'previous message.',
  )
}

/** OpenAI wants an answer to every call. */
export function everyCallAnswered({ messages = [] }: GenericChatRequest): ServiceError | undefined {
  const open = rounds(messages).flatMap(({ called, answered }) =>
    called.filter((id) => !answered.includes(id))
  )
  if (open.length === 0) return undefined
  return openAiVendorError(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each " +
      `'tool_call_id'. The following tool_call_ids did not have response messages: ${
        open.join(', ')
      }`,
    'messages',
    'invalid_value',
  )
}

/** Gemini wants one answer to one call, in the very next turn, and some text beside the call. */
export function oneToOne({ messages = [] }: GenericChatRequest): ServiceError | undefined {
  const unpaired = rounds(messages).find(({ called, answered }) =>
    called.length > 1 || answered.length !== called.length
  )
  if (unpaired) {
    return badRequest(
      'Please ensure that the number of function response parts is equal to the number of ' +
        'function call parts of the function call turn.',
    )
  }
  const silent = messages.find(({ toolCalls = [], content }) =>
    toolCalls.length > 0 && (content ?? []).length === 0
  )
  return silent ? badRequest('Message content cannot be empty', 'a call without text') : undefined
}

/** Llama calls one tool a turn, at min in what it is told. */
export function noParallelCalls(request: GenericChatRequest): ServiceError | undefined {
  const several = (request.messages ?? []).some(({ toolCalls = [] }) => toolCalls.length > 1)
  if (!several && request.isParallelToolCalls !== true) return undefined
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
