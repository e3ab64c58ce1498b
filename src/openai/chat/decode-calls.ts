import type { ToolCall } from '../../chat/model.ts'
import { customArguments } from '../custom-tools.ts'

/** Decodes the calls of an assistant message. Warns about those without the name of a tool. */
export function decodeCalls(calls: unknown, at: string, warn: (text: string) => void): ToolCall[] {
  if (!Array.isArray(calls)) return []
  return calls.flatMap((call, index) => {
    const decoded = decodeCall(call)
    if (!decoded) warn(`${at}[${index}]: a call without a name, left out`)
    return decoded ?? []
  })
}

function decodeCall(call: unknown): ToolCall | undefined {
  const { id, function: called, custom } = membersOf(call)
  const { name, input } = membersOf(custom)
  if (typeof name === 'string' && name !== '') {
    return { id: textOf(id), name, arguments: customArguments(textOf(input)) }
  }
  return decodeFunctionCall(textOf(id), called)
}

/** Decodes a function with its arguments, also of the old `function_call`. */
export function decodeFunctionCall(id: string, called: unknown): ToolCall | undefined {
  const { name, arguments: written } = membersOf(called)
  if (typeof name !== 'string' || name === '') return undefined
  return { id, name, arguments: textOf(written) }
}

/** The members of an object; none for any other value. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** A text unchanged, nothing as an empty text, anything else as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}
