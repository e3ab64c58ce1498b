import { isObject, type Json, mapMember, withDefaults } from '../complete.ts'

/**
 * Completes an item with the members that OpenAI's specification requires and OCI or a client may
 * omit. Returns the same value if it is complete.
 */
export function completeItem(item: unknown): unknown {
  if (!isObject(item)) return item
  switch (item['type'] ?? 'message') {
    case 'message':
      return mapMember(item, 'content', completePart)
    case 'reasoning':
      return withDefaults(item, { summary: [] })
    default:
      return item
  }
}

/** Completes a part of a message, like `completeItem()`. */
export function completePart(part: unknown): unknown {
  return isObject(part) && part['type'] === 'output_text'
    ? withDefaults(part, { annotations: [], logprobs: [] })
    : part
}

/** Completes a tool that a response repeats, like `completeItem()`. */
export function completeTool(tool: unknown): unknown {
  if (!isObject(tool)) return tool
  switch (tool['type']) {
    case 'function':
      return withDefaults(tool, FUNCTION_DEFAULTS)
    case 'custom':
      return tool['description'] === null ? withoutMember(tool, 'description') : tool
    case 'namespace':
      return mapMember(withDefaults(tool, { description: '' }), 'tools', completeTool)
    default:
      return tool
  }
}

/** The gateway does not enforce a schema unless `strict` is true. */
const FUNCTION_DEFAULTS = { description: null, parameters: null, strict: false }

/** Completes an item for a list of stored items, which have ids and a status. */
export function completeListedItem(item: Json): Json {
  const { type = 'message', content, role } = item
  if (type !== 'message') return withDefaults(item, { status: 'completed' })
  const written = role === 'assistant'
    ? withDefaults(item, { type, status: 'completed' })
    : withDefaults(item, { type })
  if (typeof content !== 'string') return mapMember(written, 'content', completePart)
  const part = role === 'assistant'
    ? completePart({ type: 'output_text', text: content })
    : { type: 'input_text', text: content }
  return { ...written, content: [part] }
}

function withoutMember(object: Json, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))
}
