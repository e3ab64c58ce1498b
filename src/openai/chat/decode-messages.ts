import type { AssistantMessage, Message, ToolMessage } from '../../chat/model.ts'
import { newestInput } from '../../chat/newest-input.ts'
import { decodeCalls, decodeFunctionCall, membersOf, textOf } from './decode-calls.ts'
import { ascii, type ContentPlace, decodeContent, decodeTextContent } from './decode-content.ts'
import { type ChatMessage, kindOfMessage, type Role } from './schema.ts'

export interface DecodedMessages {
  messages: readonly Message[]
  /** What cannot be passed on: texts that begin with the field. */
  warnings: readonly string[]
}

/** What decoding a message needs to know about the others. */
interface Conversation {
  /** Index of the message with the latest call of each function. */
  lastCalls: Map<string, number>
  newest: number
  warn(text: string): void
}

/**
 * Decodes OpenAI's messages. Anything that a client may have in its history is accepted: what cannot
 * be translated becomes text or is left out. An old `function_call` and its result get the same
 * generated id.
 */
export function decodeMessages(messages: readonly ChatMessage[]): DecodedMessages {
  const warnings: string[] = []
  const conversation: Conversation = {
    lastCalls: new Map(),
    newest: newestInput(messages, kindOfMessage),
    warn: (text) => warnings.push(text),
  }
  return {
    messages: messages.map((message, index) => decodeMessage(message, index, conversation)),
    warnings,
  }
}

function decodeMessage(message: ChatMessage, index: number, conversation: Conversation): Message {
  const { warn, newest } = conversation
  const at = `messages[${index}]`
  const place = { at: `${at}.content`, isNewest: index === newest, warn }
  const { role, content } = message
  const name = textOf(message['name']) || undefined
  if (isRole(role)) {
    switch (role) {
      case 'system':
      case 'developer':
        return { role, content: decodeTextContent(content, place), name }
      case 'user':
        return { role, content: decodeContent(content, place), name }
      case 'assistant':
        return decodeAssistant(message, index, place, conversation)
      case 'tool':
      case 'function':
        return decodeResult(role, message, place, conversation)
    }
  }
  const unknown = typeof role === 'string' ? ascii(role) : 'the role'
  warn(`${at}.role: ${unknown} is not known, sent as user`)
  return { role: 'user', content: decodeTextContent(content, place), name }
}

const ROLES: ReadonlySet<unknown> = new Set<Role>(
  ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
)

function isRole(role: unknown): role is Role {
  return ROLES.has(role)
}

function decodeAssistant(
  message: ChatMessage,
  index: number,
  place: ContentPlace,
  { lastCalls, warn }: Conversation,
): AssistantMessage {
  const { content, refusal, function_call: older } = message
  const call = decodeFunctionCall(functionCallId(index), older)
  if (call) lastCalls.set(call.name, index)
  const parts = Array.isArray(content) ? content.filter((part) => !isRefusal(part)) : content
  const refusals = Array.isArray(content) ? content.filter(isRefusal) : []
  return {
    role: 'assistant',
    content: decodeTextContent(parts ?? membersOf(message['audio'])['transcript'], place),
    reasoning: firstText(
      message['reasoning_content'],
      message['reasoning'],
      message['reasoning_text'],
    ),
    refusal: textOf(refusal) || refusals.map((part) => part.refusal).join('') || undefined,
    toolCalls: [
      ...decodeCalls(message['tool_calls'], place.at.replace(/content$/, 'tool_calls'), warn),
      ...(call ? [call] : []),
    ],
    name: textOf(message['name']) || undefined,
  }
}

function isRefusal(part: unknown): part is { refusal: string } {
  const { type, refusal } = membersOf(part)
  return type === 'refusal' && typeof refusal === 'string'
}

function decodeResult(
  role: 'tool' | 'function',
  message: ChatMessage,
  place: ContentPlace,
  { lastCalls }: Conversation,
): ToolMessage {
  const { tool_call_id: id, name } = message
  return {
    role: 'tool',
    // The result of an old function without a call gets an id that no call has.
    toolCallId: role === 'tool' ? textOf(id) : functionCallId(lastCalls.get(textOf(name)) ?? -1),
    content: decodeContent(message['content'], place),
  }
}

function functionCallId(index: number): string {
  return `function${index}`
}

function firstText(...candidates: unknown[]): string | undefined {
  return candidates.find((value): value is string => typeof value === 'string' && value !== '')
}
