import type { JsonSchema } from '../../../chat/model.ts'

/** What may stand wherever a schema may: `true` takes anything, `false` nothing. */
export type Subschema = JsonSchema | boolean

/** Keywords that hold a schema or a list of them. What any other keyword holds is data. */
const HOLDING = new Set([
  'additionalItems',
  'additionalProperties',
  'allOf',
  'anyOf',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'oneOf',
  'prefixItems',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
])

/** Keywords that hold schemas by name: the names are the client's, whatever they spell. */
const NAMING = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
])

/** The schema with every schema directly below it replaced by what `visit` makes of it. */
export function mapSubschemas(
  schema: JsonSchema,
  visit: (subschema: Subschema, keyword: string) => Subschema,
): JsonSchema {
  return mapRecord(schema, (value, keyword) => {
    if (typeof value !== 'object' && typeof value !== 'boolean') return value
    const visitOne = (one: unknown) => isSubschema(one) ? visit(one, keyword) : one
    if (HOLDING.has(keyword)) {
      return Array.isArray(value) ? mapList(value, visitOne) : visitOne(value)
    }
    return NAMING.has(keyword) && isRecord(value) ? mapRecord(value, visitOne) : value
  })
}

/** Whether a value from outside is an object with names. */
export function isRecord(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value from outside can be read as a schema. */
export function isSubschema(value: unknown): value is Subschema {
  return typeof value === 'boolean' || isRecord(value)
}

/** The record without some of its keys. */
export function omit(schema: JsonSchema, keys: ReadonlySet<string>): JsonSchema {
  for (const key of keys) {
    if (Object.hasOwn(schema, key)) return pick(schema, (other) => !keys.has(other))
  }
  return schema
}

/** The record with only the entries that `keeps` agrees to. */
export function pick(
  schema: JsonSchema,
  keeps: (key: string, value: unknown) => boolean,
): JsonSchema {
  if (Object.keys(schema).every((key) => keeps(key, schema[key]))) return schema
  return Object.fromEntries(Object.entries(schema).filter(([key, value]) => keeps(key, value)))
}

// What does not change is not copied: most of a schema is leaves, and each request brings them all.
// Made from entries, since an assignment to "__proto__" would set the prototype instead of a key.
function mapRecord(record: JsonSchema, map: (value: unknown, key: string) => unknown): JsonSchema {
  const changes = new Map<string, unknown>()
  for (const key of Object.keys(record)) {
    const mapped = map(record[key], key)
    if (mapped !== record[key]) changes.set(key, mapped)
  }
  if (changes.size === 0) return record
  return Object.fromEntries(
    Object.entries(record).map((
      [key, value],
    ) => [key, changes.has(key) ? changes.get(key) : value]),
  )
}

function mapList(list: readonly unknown[], map: (value: unknown) => unknown): readonly unknown[] {
  const mapped = list.map(map)
  return mapped.every((value, at) => value === list[at]) ? list : mapped
}
