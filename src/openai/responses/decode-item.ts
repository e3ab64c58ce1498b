import type { JsonObject } from '../../json-object.ts'
import { customArguments } from '../custom-tools.ts'
import { decodeSummary } from './compaction.ts'
import { decodeBuiltIn, decodeBuiltInOutput, idOf, isResult } from './decode-built-in.ts'
import { decodeOutput, readableText } from './decode-content.ts'
import { callPiece, decodeMessage, textMessage } from './decode-message.ts'
import type { DecodedItem, ItemContext } from './decoded-item.ts'
import { asObject, asText, describeType, toText } from '../loose-json.ts'

type ItemDecoder = (item: JsonObject, context: ItemContext) => DecodedItem[]

/** The item types of OpenAI's API. Items of other types are decoded by their members. */
const DECODERS = new Map<string, ItemDecoder>([
  ['message', decodeMessage],
  ['reasoning', decodeReasoning],
  ['function_call', decodeCall],
  ['custom_tool_call', decodeCall],
  // From Anthropic's API.
  ['tool_use', (item, context) => decodeCall({ ...item, arguments: item['input'] }, context)],
  ['tool_result', decodeResult],
  ['function_call_output', decodeCallOutput],
  ['custom_tool_call_output', decodeCallOutput],
  ['tool_search_output', decodeToolSearchOutput],
  // The tools are offered with those of the request.
  ['additional_tools', () => []],
  ['item_reference', (_, context) => leaveOut('item_reference cannot be resolved', context)],
  ...[
    ...['local_shell_call_output', 'shell_call_output', 'apply_patch_call_output'],
    ...['computer_call_output', 'program_output'],
  ].map((type) => [type, decodeResult] as const),
  ...[
    ...['local_shell_call', 'shell_call', 'apply_patch_call', 'tool_search_call'],
    ...['web_search_call', 'file_search_call', 'code_interpreter_call', 'mcp_call'],
    ...['computer_call', 'image_generation_call', 'program'],
  ].map((type) => [type, decodeBuiltInCall] as const),
  ['mcp_approval_request', decodeApprovalRequest],
  ['mcp_approval_response', decodeApprovalResponse],
  ...['compaction', 'compaction_summary', 'context_compaction']
    .map((type) => [type, decodeCompaction] as const),
  // Content parts that a client sends as items.
  ...['input_text', 'text', 'input_image', 'image_url', 'input_file', 'input_audio']
    .map((type) => [type, asContentOf('user')] as const),
  ...['output_text', 'refusal'].map((type) => [type, asContentOf('assistant')] as const),
])

/** Decodes one item of any type. What cannot be sent to a model is left out, with a warning. */
export function decodeItem(item: unknown, context: ItemContext): DecodedItem[] {
  if (typeof item === 'string' && item !== '') {
    context.warn(`${context.at}: a text without a role, sent as a user message`)
    return [textMessage('user', item)]
  }
  const fields = asObject(item)
  if (!fields) return leaveOut(`an item of type ${describeType(item)} is not supported`, context)
  const decode = DECODERS.get(typeOf(fields)) ?? decodeUnknown
  return decode(fields, context)
}

/** An item without a type is a message, or a reference if it has an id only. */
function typeOf({ type, role, content, id, text }: JsonObject): string {
  if (type !== null && type !== undefined) return asText(type)
  const isMessage = (role ?? content ?? undefined) !== undefined
  return isMessage || asText(id) === '' || typeof text === 'string' ? 'message' : 'item_reference'
}

function leaveOut(problem: string, { at, warn }: ItemContext): DecodedItem[] {
  warn(`${at}: ${problem}, left out`)
  return [{ loss: { param: at, message: `${at}: ${problem}` } }]
}

function decodeReasoning({ summary, content }: JsonObject): DecodedItem[] {
  const reasoning = joinTexts(content) || joinTexts(summary) || undefined
  return [{ piece: { reasoning } }]
}

/** The texts in a text, a part or a list of parts. */
function joinTexts(content: unknown): string {
  const list: readonly unknown[] = Array.isArray(content) ? content : [content]
  return list.map((part) => typeof part === 'string' ? part : readableText(asObject(part) ?? {}))
    .filter((text) => text !== '').join('\n\n')
}

function decodeCall(item: JsonObject, { at, toolNames, warn }: ItemContext): DecodedItem[] {
  const type = item['type'] === 'custom_tool_call' ? 'custom' : 'function'
  const named = asText(item['name'])
  if (named === '') warn(`${at}: a call without a name, sent as a call of "unknown"`)
  const namespace = asText(item['namespace']) || undefined
  const name = toolNames.decode({ type, name: named || 'unknown', namespace })
  const written = type === 'custom'
    ? customArguments(toText(item['input']))
    : toText(item['arguments'])
  return [callPiece({ id: idOf(item), name, arguments: written })]
}

function decodeCallOutput(item: JsonObject, { at, warn }: ItemContext): DecodedItem[] {
  const content = decodeOutput(item['output'], `${at}.output`, warn)
  return [{ message: { role: 'tool', toolCallId: asText(item['call_id']), content } }]
}

function decodeBuiltInCall(item: JsonObject, { toolNames }: ItemContext): DecodedItem[] {
  const { call, result } = decodeBuiltIn(item, toolNames)
  return [callPiece(call), ...(result ? [{ message: result }] : [])]
}

function decodeResult(item: JsonObject, { at, warn }: ItemContext): DecodedItem[] {
  return [{ message: decodeBuiltInOutput(item, at, warn) }]
}

/** The request is a call of the server's tool, and the user's decision its result. */
function decodeApprovalRequest(item: JsonObject, { at, warn }: ItemContext): DecodedItem[] {
  warn(`${at}: mcp_approval_request, sent as a tool call`)
  const { name, server_label, arguments: written } = item
  const call = JSON.stringify({ server_label, name, arguments: written })
  return [callPiece({ id: idOf(item), name: 'mcp', arguments: call })]
}

function decodeApprovalResponse(item: JsonObject, { at, warn }: ItemContext): DecodedItem[] {
  const { approve, approval_request_id: id, reason } = item
  warn(`${at}: mcp_approval_response, sent as a tool result`)
  const decision = `The user ${approve === true ? 'approved' : 'did not approve'} the call`
  const texts = [decision, asText(reason)].filter(Boolean).join(': ')
  const text = approve === true ? `${texts}. MCP servers cannot be called here` : texts
  const content = [{ type: 'text' as const, text }]
  return [{ message: { role: 'tool', toolCallId: asText(id), content } }]
}

/** The tools that were found are offered with those of the request, so their names suffice here. */
function decodeToolSearchOutput(item: JsonObject): DecodedItem[] {
  const tools: readonly unknown[] = Array.isArray(item['tools']) ? item['tools'] : []
  const names = tools.map((tool) => asText(asObject(tool)?.['name'])).filter(Boolean)
  const text = names.length > 0 ? `Found tools: ${names.join(', ')}` : 'No tools found'
  const content = [{ type: 'text' as const, text }]
  return [{ message: { role: 'tool', toolCallId: asText(item['call_id']), content } }]
}

function decodeCompaction(item: JsonObject, context: ItemContext): DecodedItem[] {
  const summary = decodeSummary(item['encrypted_content']) ||
    joinTexts(item['summary']) || joinTexts(item['content']) || readableText(item)
  if (summary !== '') {
    return [textMessage('user', `Summary of the earlier conversation:\n${summary}`)]
  }
  return leaveOut(`a ${asText(item['type'])} item of another service cannot be read`, context)
}

function asContentOf(role: 'user' | 'assistant'): ItemDecoder {
  return (item, context) => {
    context.warn(`${context.at}: a content part without a message, sent as a message`)
    return decodeMessage({ role, content: item }, context)
  }
}

/** Decodes an item of an unknown type as a tool result, a tool call or text. */
function decodeUnknown(item: JsonObject, context: ItemContext): DecodedItem[] {
  const { at, warn } = context
  const type = asText(item['type'])
  const known = `item of type ${describeType(item)} is not known`
  const isOutput = type.endsWith('_output') || isResult(item)
  if (isOutput || type.endsWith('_call')) {
    warn(`${at}: ${known}, sent as a tool ${isOutput ? 'result' : 'call'}`)
    return isOutput ? decodeResult(item, context) : decodeBuiltInCall(item, context)
  }
  const { role, content } = item
  const text = Array.isArray(content) ? '' : readableText(item)
  if (text === '' && !Array.isArray(content)) return leaveOut(known, context)
  warn(`${at}: ${known}, sent as text`)
  return decodeMessage({ role: role ?? 'user', content: text || content }, context)
}
