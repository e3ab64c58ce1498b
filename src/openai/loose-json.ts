import { isJsonObject, type JsonObject } from '../json-object.ts'

/** Returns the value if it is a JSON object, else `undefined`. */
export function asObject(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined
}

/** Returns the value if it is a JSON object, else an empty object. */
export function membersOf(value: unknown): JsonObject {
  return asObject(value) ?? {}
}

/** Returns the value if it is a text, else an empty text. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Returns a text unchanged, another value as JSON, and nothing for `null` and `undefined`. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Names the type of an item or part in a warning: its own `type` or the type of the JSON value. */
export function describeType(value: unknown): string {
  const { type } = asObject(value) ?? {}
  if (typeof type === 'string') return `"${type.slice(0, 60)}"`
  if (value === null) return 'null'
  if (asObject(value)) return 'unknown'
  return Array.isArray(value) ? 'list' : typeof value
}
