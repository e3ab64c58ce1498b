import type { Checked } from './checked.ts'

/** Members whose published type is any string, so that their text cannot be a violation. */
const TEXTS = new Set([
  ...['id', 'item_id', 'call_id', 'tool_use_id', 'response_id', 'request_id', 'model', 'owned_by'],
  ...['content', 'delta', 'text', 'refusal', 'thinking', 'signature', 'reasoning_content', 'token'],
  ...['arguments', 'input', 'partial_json', 'message', 'title', 'url', 'name', 'encrypted_content'],
  ...['embedding', 'instructions', 'description'],
])

/**
 * Returns the values that differ in more than numbers and free text. The compiler would accept or
 * reject the others for the same reasons.
 */
export function distinct(values: readonly Checked[]): Checked[] {
  const seen = new Map<string, Checked>()
  for (const checked of values) {
    const key = checked.type + JSON.stringify(checked.value, withoutText)
    if (!seen.has(key)) seen.set(key, checked)
  }
  return [...seen.values()]
}

function withoutText(key: string, value: unknown): unknown {
  if (typeof value === 'number') return 0
  if (Array.isArray(value) && value.every((element) => typeof element === 'number')) {
    return value.slice(0, 1)
  }
  return typeof value === 'string' && TEXTS.has(key) ? '' : value
}
