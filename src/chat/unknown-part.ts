import { isRawBase64 } from './raw-base64.ts'

/** Members with readable text, in parts of unknown types. */
const TEXT_MEMBERS = ['text', 'refusal', 'transcript', 'content'] as const

/** Members that only the model that wrote them can use, or that do not change the reply. */
const OPAQUE = new Set([
  ...['cache_control', 'signature'],
  ...['encrypted_content', 'encrypted_index', 'encrypted_stdout'],
])

/**
 * Returns what is readable in a content part of an unknown type: its text, else its members as JSON
 * after the type. Returns `undefined` if nothing is.
 */
export function describeUnknownPart(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null) return toText(part)
  const { type, ...rest } = Object.fromEntries(Object.entries(part))
  const text = TEXT_MEMBERS.map((name): unknown => rest[name])
    .find((value) => typeof value === 'string')
  if (text !== undefined) return toText(text)
  const json = toJson(rest)
  if (json === '{}') return undefined
  return typeof type === 'string' ? `[${type}] ${json}` : json
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined
  return value === undefined || value === null ? undefined : toJson(value)
}

/** Serializes a value without what no model reads: encrypted members and base64. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (key, member: unknown) => {
    if (OPAQUE.has(key) || (member === null && key !== '')) return undefined
    return typeof member === 'string' && isData(member) ? undefined : member
  })
}

function isData(text: string): boolean {
  return text.startsWith('data:') || isRawBase64(text)
}
