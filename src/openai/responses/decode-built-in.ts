import type { JsonObject } from '../../json-object.ts'
import type { ToolCall, ToolMessage } from '../../chat/model.ts'
import { type BuiltInType, isBuiltInType } from './built-in-tools.ts'
import { decodeOutput, type Warn } from './decode-content.ts'
import { asText, toText } from '../loose-json.ts'
import type { ToolNameMap } from './tool-name-map.ts'

/** A call of a built-in tool as a plain tool call, with its result if the item has it. */
export interface BuiltIn {
  call: ToolCall
  result: ToolMessage | undefined
}

/** Members of an item that are neither arguments nor results. */
const METADATA = new Set([
  ...['type', 'id', 'call_id', 'status', 'caller', 'created_by', 'environment', 'execution'],
  ...['acknowledged_safety_checks', 'pending_safety_checks', 'max_output_length', 'fingerprint'],
  ...['tool_call_id', 'tool_use_id'],
])
/** Members of an item that are results of the call. */
const RESULT_MEMBERS = ['output', 'outputs', 'result', 'results', 'error']
/** Members that name the call of a result, in the order of OpenAI's and Anthropic's APIs. */
const CALL_IDS = ['call_id', 'tool_call_id', 'tool_use_id']

/** Whether an item of an unknown type is the result of a call in another item. */
export function isResult(item: JsonObject): boolean {
  return CALL_IDS.some((key) => asText(item[key]) !== '') &&
    RESULT_MEMBERS.some((key) => toText(item[key]) !== '')
}

/** Decodes an item of a built-in tool's own type. All its members become arguments or results. */
export function decodeBuiltIn(item: JsonObject, toolNames: ToolNameMap): BuiltIn {
  const id = idOf(item)
  const type = toolTypeOf(item)
  const isClientTool = isBuiltInType(type)
  const name = isClientTool ? toolNames.decode({ type, name: type, namespace: undefined }) : type
  const call = { id, name, arguments: argumentsOf(item, type) }
  // The item of a tool that OpenAI runs has its result, at least the status.
  return { call, result: isClientTool || isUnanswered(item) ? undefined : resultOf(id, item) }
}

/** The calls of both computer tools have the same type. */
function toolTypeOf(item: JsonObject): string {
  const type = asText(item['type']).replace(/_call$/, '')
  const isPreview = type === 'computer' && item['action'] !== undefined
  return isPreview ? 'computer_use_preview' satisfies BuiltInType : type
}

/** Members of a result that is an item of its own. */
const OUTPUT_MEMBERS = [...RESULT_MEMBERS, 'content']

/** Decodes a result that is an item of its own. */
export function decodeBuiltInOutput(item: JsonObject, at: string, warn: Warn): ToolMessage {
  const { status } = item
  const [member, output] = Object.entries(item)
    .find(([key, value]) => OUTPUT_MEMBERS.includes(key) && toText(value) !== '') ?? []
  // A failed patch without output has its status only.
  const failed = status === 'failed' || output === undefined ? toText(status) : ''
  const parts = decodeOutput(output, `${at}.${member ?? 'output'}`, warn)
  return {
    role: 'tool',
    toolCallId: idOf(item),
    content: failed === '' ? parts : [{ type: 'text', text: failed }, ...parts],
  }
}

/** The id of an item's call or, if it has none, its own id. */
export function idOf(item: JsonObject): string {
  return [...CALL_IDS, 'id'].map((key) => asText(item[key])).find((id) => id !== '') ?? ''
}

/** Computer calls and calls of unknown types have their result in another item. */
function isUnanswered(item: JsonObject): boolean {
  return asText(item['call_id']) !== '' && RESULT_MEMBERS.every((key) => !(key in item))
}

function argumentsOf(item: JsonObject, type: string): string {
  if (type === 'tool_search' satisfies BuiltInType) return toText(item['arguments']) || '{}'
  const args = Object.entries(item).filter(([key, value]) =>
    !METADATA.has(key) && !RESULT_MEMBERS.includes(key) && value !== null
  )
  return JSON.stringify(Object.fromEntries(args))
}

function resultOf(toolCallId: string, item: JsonObject): ToolMessage {
  const isImage = item['type'] === 'image_generation_call' && typeof item['result'] === 'string'
  const results = RESULT_MEMBERS.map((key) => toText(item[key])).filter((text) => text !== '')
  // The result is a whole image as base64.
  const text = isImage ? '[image omitted]' : results.join('\n')
  const content = [{ type: 'text' as const, text: text || toText(item['status']) || 'completed' }]
  return { role: 'tool', toolCallId, content }
}
