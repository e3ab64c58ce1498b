/** A call's arguments as JSON, byte for byte where they are that already; `undefined` if they are none. */
export function repairArguments(json: string): string | undefined {
  if (json.trim() === '') return '{}'
  const parsed = parse(json)
  if (parsed === undefined) return undefined
  return typeof parsed.value === 'string' ? unwrap(parsed.value) ?? json : json
}

/** The object or list in a text that some client encoded once too often. */
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
