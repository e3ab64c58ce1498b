import { isJsonObject } from '../../../json-object.ts'
import type { JsonSchema } from '../../../chat/model.ts'
import { isSubschema, mapSubschemas, omit, pick } from './keywords.ts'
import type { Subschema } from './keywords.ts'
import { describeAlternatives } from './outline.ts'
import { keepKnownRequired } from './required.ts'
import { normalizeUnions, typeOf } from './merge-branches.ts'

type Dialect = 'portable' | 'gemini'

/** The keywords that constrain a value; annotations such as `title` or `x-order` are dropped. */
const PORTABLE = new Set([
  'type',
  'description',
  'enum',
  'default',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'properties',
  'patternProperties',
  'propertyNames',
  'additionalProperties',
  'unevaluatedProperties',
  'minProperties',
  'maxProperties',
  'required',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'items',
  'contains',
  'minContains',
  'maxContains',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contentEncoding',
  'contentMediaType',
  'not',
  'if',
  'then',
  'else',
])

/** The fields of Gemini's Schema object that OCI is known to pass on; any other causes a 400. */
const GEMINI = new Set([
  'type',
  'description',
  'enum',
  'format',
  'nullable',
  'properties',
  'required',
  'items',
  'minimum',
  'maximum',
])

const GEMINI_TYPES = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object'])
const GEMINI_FORMATS = new Set<unknown>(['enum', 'date-time'])

/** Keywords that Gemini allows only on the given type. */
const REQUIRED_TYPE = new Map([['properties', 'object'], ['required', 'object'], [
  'items',
  'array',
]])

/** The type of a keyword's value; a mistake such as `required: true` is dropped. */
const VALUE_CHECKS = new Map<string, (value: unknown) => boolean>([
  ['type', isText],
  ['description', isText],
  ['enum', Array.isArray],
  ['required', Array.isArray],
  ['properties', isJsonObject],
  ['items', isSubschema],
])

const ENUM = new Set(['enum'])
const TUPLE = new Set(['prefixItems', 'additionalItems'])

/** Reduces a schema without references to the keywords of every family, or to those of Gemini. */
export function simplify(schema: JsonSchema, dialect: Dialect): JsonSchema {
  return simplifyNode(schema, dialect, 'object')
}

function simplifyNode(schema: JsonSchema, dialect: Dialect, fallback: string): JsonSchema {
  const isUnchanged = dialect === 'portable' && isPlain(schema, fallback)
  const own = isUnchanged ? schema : simplifyOwn(schema, dialect, fallback)
  return mapSubschemas(own, (subschema, keyword) => {
    if (keyword === 'properties' || keyword === 'items') return simplifyAny(subschema, dialect)
    return typeof subschema === 'boolean' ? subschema : simplifyNode(subschema, dialect, 'string')
  })
}

/**
 * Whether `simplifyOwn()` would change nothing in the portable dialect. Most schemas are so, and each
 * request contains all of them.
 */
function isPlain(schema: JsonSchema, fallback: string): boolean {
  const { type } = schema
  if (typeof type !== 'string' && (type !== undefined || fallback === 'object')) return false
  if (type === 'array' && !isJsonObject(schema['items'])) return false
  for (const keyword of Object.keys(schema)) {
    if (!PORTABLE.has(keyword) || !isWellFormed(keyword, schema[keyword])) return false
  }
  const { enum: values, properties } = schema
  return schema['default'] !== null && !(Array.isArray(values) && values.includes(null)) &&
    !(isJsonObject(properties) && Object.values(properties).includes(false)) &&
    keepKnownRequired(schema) === schema
}

/** Simplifies the keywords of one schema, without its subschemas. */
function simplifyOwn(schema: JsonSchema, dialect: Dialect, fallback: string): JsonSchema {
  const normalized = normalizeUnions(normalizeTuple(schema))
  const known = dialect === 'gemini'
    ? toGemini(normalized, fallback)
    : toPortable(normalized, fallback)
  return keepKnownRequired(withItems(withoutImpossible(known)))
}

function simplifyAny(subschema: Subschema, dialect: Dialect): JsonSchema {
  return simplifyNode(typeof subschema === 'boolean' ? {} : subschema, dialect, 'string')
}

/** Converts a tuple to an array whose items match any of the tuple's schemas. */
function normalizeTuple(schema: JsonSchema): JsonSchema {
  const { items, prefixItems } = schema
  const positions = Array.isArray(items) ? items : prefixItems
  if (!Array.isArray(positions)) return schema
  const rest = Array.isArray(items) ? schema['additionalItems'] : items
  const all = isJsonObject(rest) ? [...positions, rest] : positions
  return { ...omit(schema, TUPLE), items: all.length > 0 ? { anyOf: all } : {} }
}

function toPortable(schema: JsonSchema, fallback: string): JsonSchema {
  const isTyped = typeof schema['type'] === 'string' || fallback !== 'object'
  const typed = isTyped ? schema : { ...schema, type: typeOf(schema) ?? fallback }
  return pick(typed, (keyword, value) => {
    if (keyword === 'default') return value !== null
    return PORTABLE.has(keyword) && isWellFormed(keyword, value)
  })
}

function toGemini(schema: JsonSchema, fallback: string): JsonSchema {
  const named = typeOf(schema)?.toLowerCase()
  const type = named !== undefined && GEMINI_TYPES.has(named) ? named : fallback
  const isNullable = schema['nullable'] === true || named === 'null'
  const listed = withStringEnum(schema, type)
  const typed = listed['type'] === type && listed['nullable'] === (isNullable || undefined)
    ? listed
    : { ...listed, type, ...(isNullable && { nullable: true }) }
  return pick(typed, (keyword, value) => {
    if (keyword === 'format') return GEMINI_FORMATS.has(value)
    if (keyword === 'nullable') return isNullable
    return GEMINI.has(keyword) && isWellFormed(keyword, value) &&
      (REQUIRED_TYPE.get(keyword) ?? type) === type
  })
}

/** Gemini's enum is a list of non-empty strings; any other enum is moved to the description. */
function withStringEnum(schema: JsonSchema, type: string): JsonSchema {
  const { enum: values, description } = schema
  if (!Array.isArray(values) || values.length === 0) return omit(schema, ENUM)
  const isTexts = values.every((value) => typeof value === 'string' && value !== '')
  if (isTexts && type === 'string') return schema
  return {
    ...omit(schema, ENUM),
    description: describeAlternatives(description, [{ enum: values }]),
  }
}

function isWellFormed(keyword: string, value: unknown): boolean {
  const isExpected = VALUE_CHECKS.get(keyword)
  return isExpected === undefined || isExpected(value)
}

/** Drops properties whose schema is `false`. */
function withoutImpossible(schema: JsonSchema): JsonSchema {
  const { properties } = schema
  if (!isJsonObject(properties)) return schema
  const possible = pick(properties, (_, value) => value !== false)
  return possible === properties ? schema : { ...schema, properties: possible }
}

function withItems(schema: JsonSchema): JsonSchema {
  if (schema['type'] !== 'array' || isJsonObject(schema['items'])) return schema
  return { ...schema, items: schema['items'] === true ? {} : { type: 'string' } }
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}
