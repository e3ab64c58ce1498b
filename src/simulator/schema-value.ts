/** A JSON Schema as far as the simulator reads it. */
type Schema = Readonly<Record<string, unknown>>

/** Words and numbers found in a text, for values to be made of. */
export interface TextValues {
  words: readonly string[]
  numbers: readonly number[]
  text: string
}

interface Reading {
  root: Schema
  values: TextValues
  /** Whether properties that may be left out are made too. */
  complete: boolean
  used: { words: number; numbers: number }
}

/** What a schema may nest before the rest is left empty: some contain themselves. */
const DEPTH = 8

/** A value that a schema accepts, made of what a text mentions; `complete` fills what is optional. */
export function sampleValue(
  schema: unknown,
  values: TextValues,
  { complete }: { complete: boolean } = { complete: false },
): unknown {
  const root = asSchema(schema)
  return make(root, 'value', { root, values, complete, used: { words: 0, numbers: 0 } }, 0)
}

/** What a user's text offers: quoted passages first, then names, then numbers. */
export function readTextValues(text: string, except: readonly string[]): TextValues {
  const quoted = [...text.matchAll(/`([^`]+)`|"([^"]+)"|'([^']{2,})'(?!\w)/g)]
    .map(([, first, second, third]) => first ?? second ?? third ?? '')
  const names = [...text.matchAll(/(?<=[^.!?\s]\s)\p{Lu}[\p{L}-]+/gu)].map(([name]) => name)
  const numbers = [...text.matchAll(/(?<![\w.])-?\d+(?:\.\d+)?/g)].map(([digits]) => Number(digits))
  return { words: [...quoted, ...names].filter((word) => !except.includes(word)), numbers, text }
}

function make(schema: Schema, name: string, reading: Reading, depth: number): unknown {
  const { const: constant, enum: words, anyOf, oneOf, allOf, $ref: ref } = schema
  if (depth > DEPTH) return {}
  if (typeof ref === 'string') return make(resolveRef(reading.root, ref), name, reading, depth + 1)
  if (constant !== undefined) return constant
  if (Array.isArray(words)) return chooseWord(words, reading.values.text)
  const branches = [anyOf, oneOf].find(Array.isArray)
  if (branches) return make(firstBranch(branches), name, reading, depth + 1)
  if (Array.isArray(allOf)) return make(mergeAll(allOf), name, reading, depth + 1)
  return makeTyped(schema, name, reading, depth)
}

function makeTyped(schema: Schema, name: string, reading: Reading, depth: number): unknown {
  switch (typeOf(schema)) {
    case 'object':
      return makeObject(schema, reading, depth)
    case 'array':
      return [make(asSchema(schema['items'] ?? { type: 'string' }), name, reading, depth + 1)]
    case 'integer':
      return Math.trunc(nextNumber(schema, reading))
    case 'number':
      return nextNumber(schema, reading)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return makeString(schema, name, reading)
  }
}

function makeObject(schema: Schema, reading: Reading, depth: number): unknown {
  const required = schema['required']
  const names = Array.isArray(required) && !reading.complete
    ? new Set<unknown>(required)
    : undefined
  const entries = Object.entries(asSchema(schema['properties']))
    .filter(([name]) => names?.has(name) ?? true)
    .map(([name, property]) => [name, make(asSchema(property), name, reading, depth + 1)])
  return Object.fromEntries(entries)
}

function makeString(schema: Schema, name: string, { values, used }: Reading): string {
  switch (schema['format']) {
    case 'date':
      return '2026-01-31'
    case 'date-time':
      return '2026-01-31T12:00:00Z'
    default:
      return values.words[used.words++] ?? `sample ${name}`
  }
}

function nextNumber(schema: Schema, { values, used }: Reading): number {
  const [min, most] = [schema['minimum'], schema['maximum']]
  const value = values.numbers[used.numbers++] ?? 1
  return Math.min(
    Math.max(value, typeof min === 'number' ? min : -Infinity),
    typeof most === 'number' ? most : Infinity,
  )
}

/** The word that the text says, as a word of its own; else the first. */
function chooseWord(words: readonly unknown[], text: string): unknown {
  const said = words.find((word) =>
    typeof word === 'string' &&
    new RegExp(`(?<!\\w)${RegExp.escape(word)}(?!\\w)`, 'i').test(text)
  )
  return said ?? words[0]
}

function typeOf(schema: Schema): unknown {
  const type = schema['type']
  if (Array.isArray(type)) return type.find((name) => name !== 'null')
  return type ?? (schema['properties'] === undefined ? 'string' : 'object')
}

function firstBranch(branches: readonly unknown[]): Schema {
  const schemas = branches.map(asSchema)
  return schemas.find((schema) => schema['type'] !== 'null') ?? {}
}

function mergeAll(parts: readonly unknown[]): Schema {
  const schemas = parts.map(asSchema)
  const properties = Object.assign({}, ...schemas.map((schema) => schema['properties']))
  return { ...Object.assign({}, ...schemas), properties }
}

function resolveRef(root: Schema, ref: string): Schema {
  const path = ref.replace(/^#\/?/, '').split('/').filter(Boolean)
  return path.reduce((schema, key) => asSchema(schema[key]), root)
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
