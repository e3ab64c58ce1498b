/**
 * A tool call's arguments as JSON text: untouched where they are that already, written out where
 * the model's side sent an object, one level unwrapped where it sent JSON inside JSON.
 */
export function decodeArguments(value: unknown): string {
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
