import { isRecord, isSubschema } from './keywords.ts'

/** Objects and arrays below this are told by their name alone. */
const DEPTH = 3

/** Characters; a longer list of alternatives is cut. */
const MAX_TELLING = 1_200

/** What a value looks like, in TypeScript's words: `{ path: string, line?: integer } | "none"`. */
export function outline(schema: unknown, depth = DEPTH): string {
  if (!isRecord(schema)) return schema === false ? 'never' : 'any'
  const { type, items, properties, required } = schema
  if (Object.hasOwn(schema, 'const')) return JSON.stringify(schema['const'])
  if (Array.isArray(schema['enum'])) return literals(schema['enum'])
  const branches = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(branches)) return branches.map((one) => outline(one, depth)).join(' | ')
  if (Array.isArray(type)) return type.join(' | ')
  if (type === 'array' || items !== undefined) return depth > 0 ? list(items, depth) : 'array'
  if (properties === undefined && required === undefined) return String(type ?? 'any')
  return depth > 0 ? record(properties, required, depth) : 'object'
}

/** The alternatives a schema cannot say any more, as a sentence for its description. */
export function tell(description: unknown, alternatives: readonly unknown[]): string {
  const told = `One of: ${alternatives.map(describe).join(' | ')}`
  const cut = told.length > MAX_TELLING ? `${shorten(told)} ...` : told
  return typeof description === 'string' && description !== '' ? `${description}\n${cut}` : cut
}

function literals(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' | ')
}

function list(items: unknown, depth: number): string {
  const item = isSubschema(items) ? outline(items, depth - 1) : 'any'
  return item.includes(' | ') ? `(${item})[]` : `${item}[]`
}

function record(properties: unknown, required: unknown, depth: number): string {
  const must = new Set<unknown>(Array.isArray(required) ? required : [])
  const known = isRecord(properties) ? properties : {}
  const names = [...new Set([...Object.keys(known), ...must])]
  const fields = names.map((name) => {
    const value = typeof name === 'string' && Object.hasOwn(known, name) ? known[name] : {}
    return `${name}${must.has(name) ? '' : '?'}: ${outline(value, depth - 1)}`
  })
  return fields.length === 0 ? 'object' : `{ ${fields.join(', ')} }`
}

function describe(alternative: unknown): string {
  const description = isRecord(alternative) ? alternative['description'] : undefined
  const told = outline(alternative)
  return typeof description === 'string' && description !== '' ? `${told} (${description})` : told
}

function shorten(text: string): string {
  // Not through the middle of a surrogate pair.
  return text.slice(0, MAX_TELLING).replace(/[\uD800-\uDBFF]$/, '')
}
