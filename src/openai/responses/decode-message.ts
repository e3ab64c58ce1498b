import type { JsonObject } from '../../json-object.ts'
import type { ToolCall } from '../../chat/model.ts'
import { idOf } from './decode-built-in.ts'
import { decodeContent, decodeOutput, decodeTexts } from './decode-content.ts'
import type { DecodedItem, ItemContext } from './decoded-item.ts'
import { asObject, asText, toText } from '../loose-json.ts'

/** Creates a message with one text. */
export function textMessage(role: 'user', text: string): DecodedItem {
  return { message: { role, content: [{ type: 'text', text }], name: undefined } }
}

/** Creates the piece of an assistant message with one call. */
export function callPiece(call: ToolCall): DecodedItem {
  return { piece: { toolCalls: [call] } }
}

/** Decodes a message of any role. Messages in the form of chat completions are also understood. */
export function decodeMessage(item: JsonObject, context: ItemContext): DecodedItem[] {
  const { at, warn } = context
  const field = `${at}.content`
  const role = roleOf(item)
  switch (role) {
    case 'system':
    case 'developer': {
      const { parts: content, loss } = decodeTexts(item['content'], field, warn)
      return [{ message: { role, content, name: undefined }, loss }]
    }
    case 'assistant':
      return decodeAssistant(item, field, context)
    case 'tool':
    case 'function': {
      const content = decodeOutput(item['content'], field, warn)
      const id = asText(item['tool_call_id']) || idOf(item)
      return [{ message: { role: 'tool', toolCallId: id, content } }]
    }
    default:
      if (role !== 'user') warn(`${at}: role "${role.slice(0, 60)}" is not known, sent as user`)
      return decodeUser(item, field, context)
  }
}

/** A message without a role is the assistant's if it has parts that only a model writes. */
function roleOf({ role, content, text }: JsonObject): string {
  if (typeof role === 'string' && role !== '') return role
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content, text]
  const isOutput = parts.some((part) => {
    const type = asObject(part)?.['type']
    return type === 'output_text' || type === 'refusal'
  })
  return isOutput ? 'assistant' : 'user'
}

function decodeUser(item: JsonObject, at: string, { warn }: ItemContext): DecodedItem[] {
  const { parts, refusal, loss, isUsable } = decodeContent(
    item['content'] ?? item['text'],
    at,
    warn,
  )
  const content = refusal === '' ? parts : [...parts, { type: 'text' as const, text: refusal }]
  const isUnusable = loss !== undefined && !isUsable && refusal === ''
  // A message that lost all its content is not an empty message of the client.
  if (isUnusable && content.length === 0) return [{ loss, isUnusable }]
  return [{ message: { role: 'user', content, name: undefined }, loss, isUnusable }]
}

function decodeAssistant(item: JsonObject, at: string, context: ItemContext): DecodedItem[] {
  const { parts: content, refusal } = decodeTexts(item['content'], at, context.warn)
  const reasoning = asText(item['reasoning_content']) || undefined
  const calls: readonly unknown[] = Array.isArray(item['tool_calls'])
    ? item['tool_calls']
    : [item['function_call']]
  return [
    { piece: { content, refusal: refusal || undefined, ...(reasoning && { reasoning }) } },
    ...calls.flatMap((call) => decodeChatCall(call, context)),
  ]
}

/** Decodes a call in the form of chat completions. */
function decodeChatCall(call: unknown, { toolNames }: ItemContext): DecodedItem[] {
  const fields = asObject(call)
  if (!fields) return []
  const custom = asObject(fields['custom'])
  const called = custom ?? asObject(fields['function']) ?? fields
  const type = custom ? 'custom' : 'function'
  const named = asText(called['name']) || 'unknown'
  const name = toolNames.decode({ type, name: named, namespace: undefined })
  const written = custom
    ? JSON.stringify({ input: toText(custom['input']) })
    : toText(called['arguments'])
  return [callPiece({ id: idOf(fields), name, arguments: written })]
}
