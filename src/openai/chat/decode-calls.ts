import { membersOf, toText } from '../loose-json.ts'
import type { ToolCall } from '../../chat/model.ts'
import { ascii } from '../../chat/warnings.ts'
import { customArguments } from '../custom-tools.ts'

/** Where warnings about calls go. */
interface CallPlace {
  warn(text: string): void
  /** Warns of a member that is left out, once for all messages. */
  warnOnce(at: string, member: string): void
}

/**
 * Decodes the calls of an assistant message, also in the flat form of Responses and Messages. Warns
 * about those without the name of a tool.
 */
export function decodeCalls(calls: unknown, at: string, place: CallPlace): ToolCall[] {
  if (!Array.isArray(calls)) return []
  return calls.flatMap((call, index) => {
    const decoded = decodeCall(call)
    if (decoded) warnOfUnread(call, `${at}[${index}]`, place)
    else place.warn(`${at}[${index}]: a call without a name, left out`)
    return decoded ?? []
  })
}

function decodeCall(call: unknown): ToolCall | undefined {
  const members = membersOf(call)
  const { function: called, custom, type } = members
  const id = toText(members['id']) || toText(members['call_id'])
  const isFlat = typeof members['name'] === 'string'
  const { name, input } = membersOf(isFlat && isCustomType(type) ? members : custom)
  if (typeof name === 'string' && name !== '') {
    return { id, name, arguments: customArguments(toText(input)) }
  }
  if (!isFlat) return decodeFunctionCall(id, called)
  return decodeFunctionCall(id, { ...members, arguments: members['arguments'] ?? members['input'] })
}

function isCustomType(type: unknown): boolean {
  return type === 'custom' || type === 'custom_tool_call'
}

const CALL_MEMBERS = new Set([
  ...['id', 'call_id', 'type', 'index', 'status', 'function', 'custom'],
  ...['name', 'arguments', 'input'],
])

function warnOfUnread(call: unknown, at: string, { warnOnce }: CallPlace): void {
  const members = membersOf(call)
  const inner = ['function', 'custom'].map((key) => [`.${key}`, membersOf(members[key])] as const)
  for (const [prefix, object] of [['', members] as const, ...inner]) {
    for (const [key, value] of Object.entries(object)) {
      if (!CALL_MEMBERS.has(key) && value !== null) warnOnce(at, `${prefix}.${ascii(key)}`)
    }
  }
}

/** Decodes a function with its arguments, also of the old `function_call`. */
export function decodeFunctionCall(id: string, called: unknown): ToolCall | undefined {
  const { name, arguments: written } = membersOf(called)
  if (typeof name !== 'string' || name === '') return undefined
  return { id, name, arguments: toText(written) }
}
