/** Returns a call's arguments as JSON, valid JSON unchanged, and `undefined` for text that is not JSON. */
export function repairArguments(json: string): string | undefined {
  if (json.trim() === '') return '{}'
  const parsed = parse(json)
  if (parsed === undefined) return undefined
  return typeof parsed.value === 'string' ? unwrap(parsed.value) ?? json : json
}

/** The JSON of an object or array that a client encoded more than once. */
function unwrap(text: string): string | undefined {
  const parsed = parse(text)
  if (typeof parsed?.value === 'string') return unwrap(parsed.value)
  return typeof parsed?.value === 'object' && parsed.value !== null ? text : undefined
}

function parse(json: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) }
  } catch {
    return undefined
  }
}
