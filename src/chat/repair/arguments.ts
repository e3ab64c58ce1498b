import { isDeeper } from '../../json-depth.ts'

/**
 * Levels from which a text counts as not JSON. No model writes so many, and to parse millions of them
 * takes seconds.
 */
const MAX_LEVELS = 10_000

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
  if (json.length > MAX_LEVELS && isDeeper(json, MAX_LEVELS)) return undefined
  try {
    return { value: JSON.parse(json) }
  } catch {
    return undefined
  }
}
