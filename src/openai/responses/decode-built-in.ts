import type { ToolCall, ToolMessage } from '../../chat/model.ts'
import type { BuiltInCall, BuiltInOutput } from './items-schema.ts'

/** A call of a built-in tool as a plain tool call, with its result if the item has it. */
export interface BuiltIn {
  call: ToolCall
  result: ToolMessage | undefined
}

/** Members of an item that are not arguments of the call. */
const NOT_ARGUMENTS = new Set(['type', 'id', 'call_id', 'status', 'caller', 'environment'])
/** Members of an item that are results of the call. */
const RESULT_MEMBERS = ['output', 'outputs', 'results', 'error']

/** Decodes an item of a built-in tool's own type. All its members become arguments or results. */
export function decodeBuiltIn(item: BuiltInCall): BuiltIn {
  const id = item.call_id ?? item.id
  const args = Object.entries(item)
    .filter(([key, value]) =>
      !NOT_ARGUMENTS.has(key) && !RESULT_MEMBERS.includes(key) && value !== null
    )
  const call = {
    id,
    name: item.type.replace(/_call$/, ''),
    arguments: JSON.stringify(Object.fromEntries(args)),
  }
  return { call, result: hasResult(item) ? resultOf(id, item) : undefined }
}

/** Decodes a result that is an item of its own. */
export function decodeBuiltInOutput({ id, call_id, output }: BuiltInOutput): ToolMessage {
  const text = textOf(output)
  return {
    role: 'tool',
    toolCallId: call_id ?? id,
    content: text === '' ? [] : [{ type: 'text', text }],
  }
}

/** The item of a tool that OpenAI runs has its result, at least the status. */
function hasResult({ type }: BuiltInCall): boolean {
  switch (type) {
    case 'local_shell_call':
    case 'shell_call':
    case 'apply_patch_call':
      return false
    case 'web_search_call':
    case 'file_search_call':
    case 'code_interpreter_call':
    case 'mcp_call':
      return true
  }
}

function resultOf(toolCallId: string, item: BuiltInCall): ToolMessage {
  const results = RESULT_MEMBERS.map((key) => textOf(item[key])).filter((text) => text !== '')
  const text = results.join('\n') || textOf(item['status']) || 'completed'
  return { role: 'tool', toolCallId, content: [{ type: 'text', text }] }
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
