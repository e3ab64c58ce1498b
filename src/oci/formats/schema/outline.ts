import { isJsonObject } from '../../../json-object.ts'
import type { JsonSchema } from '../../../chat/model.ts'
import { isSubschema } from './keywords.ts'
import { measureJson } from './measure.ts'

/** Objects and arrays at deeper levels are described by their type only. */
const MAX_DEPTH = 3

/** Maximum characters of a description; a longer one is cut. */
const MAX_LENGTH = 1_200

/** The remaining characters of a description. The outline stops when there are none. */
interface LengthBudget {
  left: number
}

/** Appends alternatives, which the cleaned schema cannot express, to its description. */
export function describeAlternatives(
  description: unknown,
  alternatives: readonly unknown[],
): string {
  const budget: LengthBudget = { left: MAX_LENGTH }
  const text = `One of: ${join(alternatives, ' | ', budget, (one) => describe(one, budget))}`
  const cut = text.length > MAX_LENGTH ? `${shorten(text)} ...` : text
  return typeof description === 'string' && description !== '' ? `${description}\n${cut}` : cut
}

function describe(alternative: unknown, budget: LengthBudget): string {
  const description = isJsonObject(alternative) ? alternative['description'] : undefined
  const text = outline(alternative, MAX_DEPTH, budget)
  return typeof description === 'string' && description !== ''
    ? `${text} (${take(description, budget)})`
    : text
}

/** Outlines a schema in TypeScript syntax: `{ path: string, line?: integer } | "none"`. */
function outline(schema: unknown, depth: number, budget: LengthBudget): string {
  if (!isJsonObject(schema)) return take(schema === false ? 'never' : 'any', budget)
  const { type, items, properties, required } = schema
  if (Object.hasOwn(schema, 'const')) return literal(schema['const'], budget)
  const values = schema['enum']
  if (Array.isArray(values)) return join(values, ' | ', budget, (value) => literal(value, budget))
  const branches = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(branches)) {
    return join(branches, ' | ', budget, (branch) => outline(branch, depth, budget))
  }
  if (Array.isArray(type)) return join(type, ' | ', budget, (name) => take(typeName(name), budget))
  if (type === 'array' || items !== undefined) {
    return depth > 0 ? list(items, depth, budget) : take('array', budget)
  }
  if (properties === undefined && required === undefined) return take(typeName(type), budget)
  return depth > 0 ? record(properties, required, depth, budget) : take('object', budget)
}

/** The client's value of `type` may not be a string. */
function typeName(type: unknown): string {
  return typeof type === 'string' ? type : 'any'
}

function literal(value: unknown, budget: LengthBudget): string {
  if (typeof value === 'string') return take(JSON.stringify(value.slice(0, MAX_LENGTH)), budget)
  const isLong = measureJson(value, MAX_LENGTH).values > MAX_LENGTH
  if (isLong) return take(Array.isArray(value) ? 'array' : 'object', budget)
  return take(JSON.stringify(value) ?? 'null', budget)
}

function list(items: unknown, depth: number, budget: LengthBudget): string {
  const item = isSubschema(items) ? outline(items, depth - 1, budget) : take('any', budget)
  return item.includes(' | ') ? `(${item})[]` : `${item}[]`
}

function record(
  properties: unknown,
  required: unknown,
  depth: number,
  budget: LengthBudget,
): string {
  const requiredNames = new Set<unknown>(Array.isArray(required) ? required : [])
  const known = isJsonObject(properties) ? properties : {}
  const fields = join(namesOf(known, requiredNames), ', ', budget, (name) => {
    const value = Object.hasOwn(known, name) ? known[name] : {}
    const key = take(`${name}${requiredNames.has(name) ? '' : '?'}`, budget)
    return `${key}: ${outline(value, depth - 1, budget)}`
  })
  return fields === '' ? take('object', budget) : `{ ${fields} }`
}

/** The properties of a record, followed by required names without a property. */
function* namesOf(properties: JsonSchema, required: ReadonlySet<unknown>): Generator<string> {
  yield* Object.keys(properties)
  for (const name of required) {
    if (typeof name === 'string' && !Object.hasOwn(properties, name)) yield name
  }
}

/** Joins the texts of the items until the budget is spent. */
function join<Item>(
  items: Iterable<Item>,
  separator: string,
  budget: LengthBudget,
  write: (item: Item) => string,
): string {
  const texts: string[] = []
  for (const item of items) {
    if (budget.left <= 0) break
    texts.push(write(item))
  }
  return texts.join(separator)
}

/** Spends the budget on a text and returns it, cut to the length that a description can have. */
function take(text: string, budget: LengthBudget): string {
  budget.left -= Math.max(1, text.length)
  return text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH) : text
}

function shorten(text: string): string {
  // Does not split a surrogate pair.
  return text.slice(0, MAX_LENGTH).replace(/[\uD800-\uDBFF]$/, '')
}
