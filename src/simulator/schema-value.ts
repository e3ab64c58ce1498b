import { escapePattern } from './escape-pattern.ts'

type Schema = Readonly<Record<string, unknown>>

/** Words and numbers of a text, from which values are made. */
export interface TextValues {
  words: readonly string[]
  numbers: readonly number[]
  text: string
}

interface Sampling {
  root: Schema
  values: TextValues
  /** Whether optional properties are included. */
  complete: boolean
  used: { words: number; numbers: number }
}

/** The maximum depth; deeper values stay empty, because schemas may contain themselves. */
const DEPTH = 8

/** Creates a value that a schema accepts, with the values of a text. */
export function sampleValue(
  schema: unknown,
  values: TextValues,
  { complete }: { complete: boolean } = { complete: false },
): unknown {
  const root = asSchema(schema)
  return make(root, 'value', { root, values, complete, used: { words: 0, numbers: 0 } }, 0)
}

/** Reads the values of a user's text: quoted passages, capitalized names and numbers. */
export function readTextValues(text: string, except: readonly string[]): TextValues {
  const quoted = [...text.matchAll(/`([^`]+)`|"([^"]+)"|'([^']{2,})'(?!\w)/g)]
    .map(([, first, second, third]) => first ?? second ?? third ?? '')
  const names = [...text.matchAll(/(?<=[^.!?\s]\s)\p{Lu}[\p{L}-]+/gu)].map(([name]) => name)
  const numbers = [...text.matchAll(/(?<![\w.])-?\d+(?:\.\d+)?/g)].map(([digits]) => Number(digits))
  return { words: [...quoted, ...names].filter((word) => !except.includes(word)), numbers, text }
}

function make(schema: Schema, name: string, sampling: Sampling, depth: number): unknown {
  const { const: constant, enum: words, anyOf, oneOf, allOf, $ref: ref } = schema
  if (depth > DEPTH) return {}
  if (typeof ref === 'string') {
    return make(resolveRef(sampling.root, ref), name, sampling, depth + 1)
  }
  if (constant !== undefined) return constant
  if (Array.isArray(words)) return chooseEnumValue(words, sampling.values.text)
  const branches = [anyOf, oneOf].find(Array.isArray)
  if (branches) return make(firstBranch(branches), name, sampling, depth + 1)
  if (Array.isArray(allOf)) return make(mergeAll(allOf), name, sampling, depth + 1)
  return makeTyped(schema, name, sampling, depth)
}

function makeTyped(schema: Schema, name: string, sampling: Sampling, depth: number): unknown {
  switch (typeOf(schema)) {
    case 'object':
      return makeObject(schema, sampling, depth)
    case 'array':
      return [make(asSchema(schema['items'] ?? { type: 'string' }), name, sampling, depth + 1)]
    case 'integer':
      return Math.trunc(nextNumber(schema, sampling))
    case 'number':
      return nextNumber(schema, sampling)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return makeString(schema, name, sampling)
  }
}

function makeObject(schema: Schema, sampling: Sampling, depth: number): unknown {
  const required = schema['required']
  const names = Array.isArray(required) && !sampling.complete
    ? new Set<unknown>(required)
    : undefined
  const entries = Object.entries(asSchema(schema['properties']))
    .filter(([name]) => names?.has(name) ?? true)
    .map(([name, property]) => [name, make(asSchema(property), name, sampling, depth + 1)])
  return Object.fromEntries(entries)
}

function makeString(schema: Schema, name: string, { values, used }: Sampling): string {
  switch (schema['format']) {
    case 'date':
      return '2026-01-31'
    case 'date-time':
      return '2026-01-31T12:00:00Z'
    default:
      return values.words[used.words++] ?? `sample ${name}`
  }
}

function nextNumber(schema: Schema, { values, used }: Sampling): number {
  const [min, max] = [schema['minimum'], schema['maximum']]
  const value = values.numbers[used.numbers++] ?? 1
  return Math.min(
    Math.max(value, typeof min === 'number' ? min : -Infinity),
    typeof max === 'number' ? max : Infinity,
  )
}

/** The enum value that the text contains as a whole word; else the first. */
function chooseEnumValue(words: readonly unknown[], text: string): unknown {
  const mentioned = words.find((word) =>
    typeof word === 'string' &&
    new RegExp(`(?<!\\w)${escapePattern(word)}(?!\\w)`, 'i').test(text)
  )
  return mentioned ?? words[0]
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
