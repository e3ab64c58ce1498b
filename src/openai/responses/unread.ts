import type { JsonObject } from '../../json-object.ts'
import { ascii } from '../../chat/warnings.ts'
import { findUnread, findUnreadMembers, firstOfEach } from '../../unread-members.ts'
import { asObject } from '../loose-json.ts'
import { CustomTool, FunctionTool, type ToolDefinition, TranslatedRequest } from './schema.ts'

/**
 * Returns a warning for each nested member that is not read, once for all tools and items. Tools, items
 * and parts of other types have a warning already, or all their members are read.
 */
export function warnOfUnread(body: TranslatedRequest): string[] {
  const { tools, input, text } = body
  const { tools: _tools, input: _input, ...others } = TranslatedRequest.entries
  const isText = (text?.format?.type ?? 'text') === 'text'
  const paths = [
    ...findUnreadMembers(others, body).filter((path) => isText || !SCHEMA.test(path)),
    ...(tools ?? []).flatMap((tool, index) => inTool(tool, `tools[${index}]`)),
    ...input.flatMap((item, index) => inItem(asObject(item) ?? {}, `input[${index}]`)),
  ]
  return firstOfEach(paths).map((path) => `${ascii(path)}: not supported, left out`)
}

/** Members in which clients put a schema, and its name. */
const SCHEMA = /^text\.format\.(?:schema|response_schema|json_schema|name|description|strict)\b/

function inTool(tool: ToolDefinition, at: string): readonly string[] {
  switch (tool.type) {
    case 'function':
      return findUnread(FunctionTool, tool, at)
    case 'custom':
      return findUnread(CustomTool, tool, at)
    case 'namespace': {
      const { tools }: JsonObject = tool
      return Array.isArray(tools)
        ? tools.flatMap((each, index) => inTool(each, `${at}.tools[${index}]`))
        : []
    }
    default:
      return []
  }
}

/** Members of all items. */
const SHARED = ['id', 'type', 'status', 'created_by', 'caller']
const CALL = [...SHARED, 'call_id', 'name', 'namespace']

/** The members that are read, by type of item, and those without effect on a reply. */
const ITEM_MEMBERS: ReadonlyMap<unknown, ReadonlySet<string>> = new Map([
  ['message', [
    ...[...SHARED, 'role', 'content', 'text', 'phase', 'name', 'tool_call_id'],
    ...['tool_calls', 'function_call', 'reasoning_content'],
  ]],
  ['reasoning', [...SHARED, 'summary', 'content', 'encrypted_content', 'format']],
  ['function_call', [...CALL, 'arguments']],
  ['custom_tool_call', [...CALL, 'input']],
  ['function_call_output', [...CALL, 'output']],
  ['custom_tool_call_output', [...CALL, 'output']],
].map(([type, members]) => [type, new Set(members)] as const))

/** The same for the parts of messages and outputs. */
const PART_MEMBERS: ReadonlyMap<unknown, ReadonlySet<string>> = new Map([
  ['input_text', ['text']],
  // The citations of earlier answers.
  ['output_text', ['text', 'annotations', 'logprobs']],
  ['input_image', ['image_url', 'file_id', 'detail']],
  ['input_file', ['file', 'file_data', 'file_url', 'file_id', 'filename']],
].map(([type, members]) => [type, new Set(members)] as const))

function inItem(item: JsonObject, at: string): readonly string[] {
  const { type, role, content, output } = item
  const kind = type ?? (role === undefined && content === undefined ? undefined : 'message')
  const parts = ['content', 'output'].flatMap((key) => {
    const list = key === 'content' ? content : output
    return Array.isArray(list)
      ? list.flatMap((part, index) =>
        inMembers(asObject(part) ?? {}, PART_MEMBERS, `${at}.${key}[${index}]`)
      )
      : []
  })
  return [...inMembers({ ...item, type: kind }, ITEM_MEMBERS, at), ...parts]
}

function inMembers(
  value: JsonObject,
  read: ReadonlyMap<unknown, ReadonlySet<string>>,
  at: string,
): readonly string[] {
  const known = read.get(value['type'])
  if (!known) return []
  return Object.entries(value)
    .filter(([key, member]) => !known.has(key) && !isSilent(key, member))
    .map(([key]) => `${at}.${key}`)
}

function isSilent(key: string, member: unknown): boolean {
  if (member === null || member === undefined) return true
  return key === 'type' || key === 'cache_control' || key === 'prompt_cache_breakpoint'
}
