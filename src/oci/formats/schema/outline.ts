import type { JsonSchema } from '../../../chat/model.ts'
import { isRecord, isSubschema } from './keywords.ts'
import { measureJson } from './measure.ts'

/** Objects and arrays below this are told by their name alone. */
const DEPTH = 3

/** Characters; a longer list of alternatives is cut. */
const MAX_TELLING = 1_200

/** The characters that are still shown of an outline: what lies behind them is not even looked at. */
interface Room {
  left: number
}

/** The alternatives a schema cannot say any more, as a sentence for its description. */
export function describeAlternatives(
  description: unknown,
  alternatives: readonly unknown[],
): string {
  const room: Room = { left: MAX_TELLING }
  const told = `One of: ${join(alternatives, ' | ', room, (one) => describe(one, room))}`
  const cut = told.length > MAX_TELLING ? `${shorten(told)} ...` : told
  return typeof description === 'string' && description !== '' ? `${description}\n${cut}` : cut
}

function describe(alternative: unknown, room: Room): string {
  const description = isRecord(alternative) ? alternative['description'] : undefined
  const told = outline(alternative, DEPTH, room)
  return typeof description === 'string' && description !== ''
    ? `${told} (${take(description, room)})`
    : told
}

/** What a value looks like, in TypeScript's words: `{ path: string, line?: integer } | "none"`. */
function outline(schema: unknown, depth: number, room: Room): string {
  if (!isRecord(schema)) return take(schema === false ? 'never' : 'any', room)
  const { type, items, properties, required } = schema
  if (Object.hasOwn(schema, 'const')) return literal(schema['const'], room)
  const values = schema['enum']
  if (Array.isArray(values)) return join(values, ' | ', room, (value) => literal(value, room))
  const branches = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(branches)) {
    return join(branches, ' | ', room, (branch) => outline(branch, depth, room))
  }
  if (Array.isArray(type)) return join(type, ' | ', room, (name) => take(typeName(name), room))
  if (type === 'array' || items !== undefined) {
    return depth > 0 ? list(items, depth, room) : take('array', room)
  }
  if (properties === undefined && required === undefined) return take(typeName(type), room)
  return depth > 0 ? record(properties, required, depth, room) : take('object', room)
}

/** A type comes from the client and may be anything. */
function typeName(type: unknown): string {
  return typeof type === 'string' ? type : 'any'
}

function literal(value: unknown, room: Room): string {
  if (typeof value === 'string') return take(JSON.stringify(value.slice(0, MAX_TELLING)), room)
  const isLong = measureJson(value, MAX_TELLING).values > MAX_TELLING
  if (isLong) return take(Array.isArray(value) ? 'array' : 'object', room)
  return take(JSON.stringify(value) ?? 'null', room)
}

function list(items: unknown, depth: number, room: Room): string {
  const item = isSubschema(items) ? outline(items, depth - 1, room) : take('any', room)
  return item.includes(' | ') ? `(${item})[]` : `${item}[]`
}

function record(properties: unknown, required: unknown, depth: number, room: Room): string {
  const must = new Set<unknown>(Array.isArray(required) ? required : [])
  const known = isRecord(properties) ? properties : {}
  const fields = join(namesOf(known, must), ', ', room, (name) => {
    const value = Object.hasOwn(known, name) ? known[name] : {}
    const key = take(`${name}${must.has(name) ? '' : '?'}`, room)
    return `${key}: ${outline(value, depth - 1, room)}`
  })
  return fields === '' ? take('object', room) : `{ ${fields} }`
}

/** The properties of a record, and then those that are only required. */
function* namesOf(properties: JsonSchema, required: ReadonlySet<unknown>): Generator<string> {
  yield* Object.keys(properties)
  for (const name of required) {
    if (typeof name === 'string' && !Object.hasOwn(properties, name)) yield name
  }
}

/** Writes items, one after the other, as long as there is room. */
function join<Item>(
  items: Iterable<Item>,
  separator: string,
  room: Room,
  write: (item: Item) => string,
): string {
  const texts: string[] = []
  for (const item of items) {
    if (room.left <= 0) break
    texts.push(write(item))
  }
  return texts.join(separator)
}

/** The text itself, which takes its share of the room, but of a long one only what can be shown. */
function take(text: string, room: Room): string {
  room.left -= Math.max(1, text.length)
  return text.length > MAX_TELLING ? text.slice(0, MAX_TELLING) : text
}

function shorten(text: string): string {
  // Not through the middle of a surrogate pair.
  return text.slice(0, MAX_TELLING).replace(/[\uD800-\uDBFF]$/, '')
}
