import { isJsonObject } from '../../../json-object.ts'
import type { JsonSchema } from '../../../chat/model.ts'

/** A schema or a boolean: `true` accepts any value, `false` none. */
export type Subschema = JsonSchema | boolean

/** Keywords with a schema or a list of schemas. The values of other keywords are data. */
const SCHEMA_KEYWORDS = new Set([
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

/** Keywords with schemas by name; the client chooses the names, which may equal keywords. */
const NAMED_SCHEMA_KEYWORDS = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
])

/** Keywords that name another schema. */
export const REFERENCES: readonly string[] = ['$ref', '$dynamicRef', '$recursiveRef']
/** Keywords that are gone when references are resolved. */
export const REFERENCE_KEYWORDS: ReadonlySet<string> = new Set([
  ...REFERENCES,
  '$defs',
  'definitions',
])

/** Whether resolving references may change a schema with this keyword. */
export function isExpanded(keyword: string): boolean {
  return REFERENCE_KEYWORDS.has(keyword) || keyword === 'allOf'
}

/** Replaces each direct subschema by the result of `visit`. */
export function mapSubschemas(
  schema: JsonSchema,
  visit: (subschema: Subschema, keyword: string) => Subschema,
): JsonSchema {
  return mapRecord(schema, (value, keyword) => {
    if (typeof value !== 'object' && typeof value !== 'boolean') return value
    const visitOne = (one: unknown) => isSubschema(one) ? visit(one, keyword) : one
    if (SCHEMA_KEYWORDS.has(keyword)) {
      return Array.isArray(value) ? mapList(value, visitOne) : visitOne(value)
    }
    return NAMED_SCHEMA_KEYWORDS.has(keyword) && isJsonObject(value)
      ? mapRecord(value, visitOne)
      : value
  })
}

/** Whether a client's value can be read as a schema. */
export function isSubschema(value: unknown): value is Subschema {
  return typeof value === 'boolean' || isJsonObject(value)
}

/** Returns the record without some of its keys. */
export function omit(schema: JsonSchema, keys: ReadonlySet<string>): JsonSchema {
  for (const key of keys) {
    if (Object.hasOwn(schema, key)) return pick(schema, (other) => !keys.has(other))
  }
  return schema
}

/** Returns the record with only the entries for which `keeps` is true. */
export function pick(
  schema: JsonSchema,
  keeps: (key: string, value: unknown) => boolean,
): JsonSchema {
  if (Object.keys(schema).every((key) => keeps(key, schema[key]))) return schema
  return Object.fromEntries(Object.entries(schema).filter(([key, value]) => keeps(key, value)))
}

// Unchanged records are not copied: most of a schema is leaves, and each request contains them all.
// A key "__proto__" is an own one of the copy, so that an assignment does not set the prototype.
function mapRecord(record: JsonSchema, map: (value: unknown, key: string) => unknown): JsonSchema {
  let copy: Record<string, unknown> | undefined
  for (const key of Object.keys(record)) {
    const mapped = map(record[key], key)
    if (mapped === record[key]) continue
    copy ??= { ...record }
    copy[key] = mapped
  }
  return copy ?? record
}

function mapList(list: readonly unknown[], map: (value: unknown) => unknown): readonly unknown[] {
  const mapped = list.map(map)
  return mapped.every((value, at) => value === list[at]) ? list : mapped
}
