import type { JsonObject } from './json-object.ts'

/** The members without which OCI would load an item by its id. */
const CONTENT: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['reasoning', ['encrypted_content', 'content']],
  ['image_generation_call', ['result']],
  ['file_search_call', ['results']],
  ['mcp_call', ['output', 'error']],
])

/** Members that are no content of an item. */
const NAMES = new Set(['id', 'type', 'role', 'status', 'object'])

/**
 * Whether an item of a response has content of its own. Without it, a client that sends the item back
 * refers to what OCI has stored by the item's id, so that the id must belong to the client.
 */
export function hasItemContent(item: JsonObject): boolean {
  const members = CONTENT.get(item['type']) ?? Object.keys(item).filter((name) => !NAMES.has(name))
  return members.some((name) => !isEmpty(item[name]))
}

function isEmpty(value: unknown): boolean {
  return (value ?? '') === '' || (Array.isArray(value) && value.length === 0)
}
