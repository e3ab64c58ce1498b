import type { AssistantMessage, Message, ToolMessage } from '../../chat/model.ts'
import { newestInput } from '../../chat/newest-input.ts'
import { ascii } from '../../chat/warnings.ts'
import { membersOf, toText } from '../loose-json.ts'
import { decodeCalls, decodeFunctionCall } from './decode-calls.ts'
import {
  type ContentPlace,
  decodeContent,
  decodeTextContent,
  decodeUserContent,
} from './decode-content.ts'
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
  warnOnce(at: string, member: string): void
}

/**
 * Decodes OpenAI's messages. Anything that a client may have in its history is accepted: what cannot
 * be translated becomes text or is left out. An old `function_call` and its result get the same
 * generated id.
 */
export function decodeMessages(messages: readonly ChatMessage[]): DecodedMessages {
  const warnings: string[] = []
  const warned = new Set<string>()
  const conversation: Conversation = {
    lastCalls: new Map(),
    newest: newestInput(messages, kindOfMessage),
    warn: (text) => warnings.push(text),
    warnOnce(at, member) {
      if (warned.has(member)) return
      warned.add(member)
      warnings.push(`${at}${member}: not supported, left out`)
    },
  }
  return {
    messages: messages.map((message, index) => decodeMessage(message, index, conversation)),
    warnings,
  }
}

function decodeMessage(message: ChatMessage, index: number, conversation: Conversation): Message {
  const { warn, warnOnce, newest } = conversation
  const at = `messages[${index}]`
  const place = { at: `${at}.content`, isNewest: index === newest, warn, warnOnce }
  for (const [key, value] of Object.entries(message)) {
    if (!READ_MEMBERS.has(key) && !isEmpty(value)) warnOnce(at, `.${ascii(key)}`)
  }
  const { role, content } = message
  const name = toText(message['name']) || undefined
  if (isRole(role)) {
    switch (role) {
      case 'system':
      case 'developer':
        return { role, content: decodeTextContent(content, place), name }
      case 'user':
        return { role, content: decodeUserContent(content, place), name }
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

/** Members that are read, and those without effect on a reply. */
const READ_MEMBERS = new Set([
  ...['role', 'content', 'name', 'refusal', 'tool_calls', 'tool_call_id', 'function_call'],
  ...['reasoning', 'reasoning_content', 'reasoning_text', 'reasoning_details'],
  ...['id', 'cache_control'],
])

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
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
  { lastCalls }: Conversation,
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
    refusal: toText(refusal) || refusals.map((part) => part.refusal).join('') || undefined,
    toolCalls: [
      ...decodeCalls(message['tool_calls'], place.at.replace(/content$/, 'tool_calls'), place),
      ...(call ? [call] : []),
    ],
    name: toText(message['name']) || undefined,
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
    toolCallId: role === 'tool' ? toText(id) : functionCallId(lastCalls.get(toText(name)) ?? -1),
    content: decodeContent(message['content'], place),
  }
}

function functionCallId(index: number): string {
  return `function${index}`
}

function firstText(...candidates: unknown[]): string | undefined {
  return candidates.find((value): value is string => typeof value === 'string' && value !== '')
}
