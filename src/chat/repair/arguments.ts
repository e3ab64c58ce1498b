import { isClosed, isDeeper } from '../../json-depth.ts'

/**
 * Levels from which arguments are not parsed: parsing very many of them takes long. Formats that
 * support fewer levels reject them.
 */
const MAX_LEVELS = 512

/** Returns a call's arguments as JSON, valid JSON unchanged, and `undefined` for text that is not JSON. */
export function repairArguments(json: string): string | undefined {
  if (json.trim() === '') return '{}'
  if (isVeryDeep(json)) return isClosed(json) ? json : undefined
  const parsed = parse(json)
  if (parsed === undefined) return undefined
  return typeof parsed.value === 'string' ? unwrap(parsed.value) ?? json : json
}

/** The JSON of an object or array that a client encoded more than once. */
function unwrap(text: string): string | undefined {
  if (isVeryDeep(text)) return isClosed(text) ? text : undefined
  const parsed = parse(text)
  if (typeof parsed?.value === 'string') return unwrap(parsed.value)
  return typeof parsed?.value === 'object' && parsed.value !== null ? text : undefined
}

function isVeryDeep(json: string): boolean {
  return json.length > MAX_LEVELS && isDeeper(json, MAX_LEVELS)
}

function parse(json: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) }
  } catch {
    return undefined
  }
}
