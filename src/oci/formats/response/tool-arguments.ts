import { isTooDeep, tooDeep } from '../../json.ts'

/**
 * Decodes a tool call's arguments to JSON text. Text is unchanged, an object is serialized, and JSON
 * inside a JSON string is unwrapped once. Throws an `upstream_invalid_response` when the text is
 * nested too deep to be serialized again.
 */
export function decodeArguments(value: unknown): string {
  const json = toJson(value)
  if (isTooDeep(json)) throw tooDeep()
  return json
}

function toJson(value: unknown): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  if (typeof value !== 'string' || value.trim() === '') return '{}'
  return value.trimStart().startsWith('"') ? unwrap(value) : value
}

function unwrap(json: string): string {
  try {
    const inner: unknown = JSON.parse(json)
    if (typeof inner !== 'string') return json
    return inner.trim() === '' ? '{}' : inner
  } catch {
    return json
  }
}
