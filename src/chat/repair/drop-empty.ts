import { ApiError } from '../../errors.ts'
import type { AssistantMessage, Message, Part, UserMessage } from '../model.ts'
import { kindOfMessage, newestInput } from '../newest-input.ts'
import { type LocatedMessage, locationOf, type RepairWarning } from './location.ts'

interface DroppedEmpty {
  kept: readonly LocatedMessage[]
  warnings: readonly RepairWarning[]
}

interface Decision {
  index: number
  kept: Message | undefined
  warning: string | undefined
}

/**
 * Drops empty text parts and messages without content. Tool results always stay. Throws an
 * `invalid_request` when no message is left or the newest user message is empty.
 */
export function dropEmpty(messages: readonly Message[]): DroppedEmpty {
  const newest = newestInput(messages, kindOfMessage)
  const decisions = messages.map((message, index): Decision => ({
    index,
    ...decide(withoutEmptyText(message), index, index === newest),
  }))
  const kept = decisions.flatMap(({ index, kept }) => kept ? [{ index, message: kept }] : [])
  // No format accepts an empty conversation.
  if (kept.length === 0 && messages.length > 0) {
    throw new ApiError(
      'invalid_request',
      'The conversation must have at least one message with content',
    )
  }
  return {
    kept,
    warnings: decisions.flatMap(({ index, warning }) => warning ? [{ index, text: warning }] : []),
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

function decide(message: Message, index: number, isLastUser: boolean): Omit<Decision, 'index'> {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { kept: message.content.length > 0 ? message : undefined, warning: undefined }
    case 'user':
      return decideUser(message, index, isLastUser)
    case 'assistant':
      return decideAssistant(message)
    case 'tool':
      return { kept: message, warning: undefined }
  }
}

function decideUser(message: UserMessage, index: number, isLast: boolean): Omit<Decision, 'index'> {
  if (message.content.length > 0) return { kept: message, warning: undefined }
  if (!isLast) return { kept: undefined, warning: 'user message without content, left out' }
  const location = locationOf(message, index)
  throw new ApiError(
    'invalid_request',
    `${location} is the last user message and must have content`,
    { param: `${location}.content` },
  )
}

/** Clients send a failed turn back empty, or with its reasoning only. */
function decideAssistant(message: AssistantMessage): Omit<Decision, 'index'> {
  const { content, toolCalls, refusal, reasoning } = message
  if (content.length > 0 || toolCalls.length > 0 || refusal) {
    return { kept: message, warning: undefined }
  }
  const warning = reasoning ? 'reasoning without content, left out' : undefined
  return { kept: undefined, warning }
}

function isNotEmpty(part: Part): boolean {
  return part.type !== 'text' || part.text !== ''
}
