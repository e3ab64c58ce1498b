import { isTooDeep, tooDeep } from '../../json.ts'

/**
 * A tool call's arguments as JSON text: untouched where they are that already, written out where
 * the model's side sent an object, one level unwrapped where it sent JSON inside JSON. Throws an
 * `upstream_invalid_response` when the text is nested so deep that it could not be written again.
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
