/** What a Python type is in JSON Schema. */
const PLAIN = new Map<string, object>([
  ['str', { type: 'string' }],
  ['float', { type: 'number' }],
  ['int', { type: 'integer' }],
  ['bool', { type: 'boolean' }],
  ['list', { type: 'array', items: { type: 'string' } }],
  ['dict', { type: 'object' }],
])

/** The JSON Schema of a parameter's Python type; `undefined` for what is no such type. */
export function schemaOfType(type: string): object | undefined {
  const [, outer, inner = ''] = /^(list|dict)\[(.+)\]$/i.exec(type) ?? []
  if (outer === undefined) return PLAIN.get(type)
  if (outer.toLowerCase() === 'dict') return { type: 'object' }
  const items = schemaOfType(inner)
  return items && { type: 'array', items }
}
