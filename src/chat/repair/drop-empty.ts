import { ApiError } from '../../errors.ts'
import type { AssistantMessage, Message, Part, UserMessage } from '../model.ts'
import { type LocatedMessage, locationOf, type Note } from './location.ts'

interface Pruned {
  kept: readonly LocatedMessage[]
  notes: readonly Note[]
}

interface Verdict {
  index: number
  kept: Message | undefined
  note: string | undefined
}

/**
 * The messages with content, without empty parts; tool results stay in any case. Throws an
 * `invalid_request` when no message is left.
 */
export function dropEmpty(messages: readonly Message[]): Pruned {
  const lastUser = messages.findLastIndex(({ role }) => role === 'user')
  const verdicts = messages.map((message, index): Verdict => ({
    index,
    ...judge(withoutEmptyText(message), index, index === lastUser),
  }))
  const kept = verdicts.flatMap(({ index, kept }) => kept ? [{ index, message: kept }] : [])
  // No format accepts a conversation of nothing.
  if (kept.length === 0 && messages.length > 0) {
    throw new ApiError('invalid_request', 'The conversation has no message with content')
  }
  return {
    kept,
    notes: verdicts.flatMap(({ index, note }) => note ? [{ index, text: note }] : []),
  }
}

function withoutEmptyText(message: Message): Message {
  switch (message.role) {
    case 'system':
    case 'developer':
    case 'assistant':
      return { ...message, content: message.content.filter(isNotEmpty) }
    case 'user':
    case 'tool':
      return { ...message, content: message.content.filter(isNotEmpty) }
  }
}

function judge(message: Message, index: number, isLastUser: boolean): Omit<Verdict, 'index'> {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { kept: message.content.length > 0 ? message : undefined, note: undefined }
    case 'user':
      return judgeUser(message, index, isLastUser)
    case 'assistant':
      return judgeAssistant(message)
    case 'tool':
      return { kept: message, note: undefined }
  }
}

function judgeUser(message: UserMessage, index: number, isLast: boolean): Omit<Verdict, 'index'> {
  if (message.content.length > 0) return { kept: message, note: undefined }
  if (!isLast) return { kept: undefined, note: 'user message without content, left out' }
  const place = locationOf(message, index)
  throw new ApiError(
    'invalid_request',
    `Cannot answer ${place}: the last user message has no content`,
    { param: `${place}.content` },
  )
}

/** A turn that failed may come back empty, or with nothing but its thoughts. */
function judgeAssistant(message: AssistantMessage): Omit<Verdict, 'index'> {
  const { content, toolCalls, refusal, reasoning } = message
  if (content.length > 0 || toolCalls.length > 0 || refusal) {
    return { kept: message, note: undefined }
  }
  const note = reasoning ? 'reasoning without an answer, left out' : undefined
  return { kept: undefined, note }
}

function isNotEmpty(part: Part): boolean {
  return part.type !== 'text' || part.text !== ''
}
