import type { ToolCall, ToolMessage } from '../../chat/model.ts'
import type { BuiltInCall, BuiltInOutput } from './items-schema.ts'

/** A call of a built-in tool as one of any tool, with its result where the item holds it. */
export interface BuiltIn {
  call: ToolCall
  result: ToolMessage | undefined
}

/** Which members of an item are not what was asked of the tool. */
const NOT_ASKED = new Set(['type', 'id', 'call_id', 'status', 'caller', 'environment'])
/** And which are what came of it. */
const RESULTS = ['output', 'outputs', 'results', 'error']

/** Reads a call that is told as an item of its own kind; nothing it says is lost. */
export function decodeBuiltIn(item: BuiltInCall): BuiltIn {
  const id = item.call_id ?? item.id
  const asked = Object.entries(item)
    .filter(([key, value]) => !NOT_ASKED.has(key) && !RESULTS.includes(key) && value !== null)
  const call = {
    id,
    name: item.type.replace(/_call$/, ''),
    arguments: JSON.stringify(Object.fromEntries(asked)),
  }
  return { call, result: isAnswered(item) ? resultOf(id, item) : undefined }
}

/** Reads the result that came as an item of its own. */
export function decodeBuiltInOutput({ id, call_id, output }: BuiltInOutput): ToolMessage {
  const text = textOf(output)
  return {
    role: 'tool',
    toolCallId: call_id ?? id,
    content: text === '' ? [] : [{ type: 'text', text }],
  }
}

/** What OpenAI's service ran itself has its result, if only that it is done, in the same item. */
function isAnswered({ type }: BuiltInCall): boolean {
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
  const results = RESULTS.map((key) => textOf(item[key])).filter((text) => text !== '')
  const text = results.join('\n') || textOf(item['status']) || 'completed'
  return { role: 'tool', toolCallId, content: [{ type: 'text', text }] }
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
