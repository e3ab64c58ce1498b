import type { JsonSchema } from './model.ts'

/**
 * Finds the schema of a response format in the places where clients put it: beside its type, in `json_schema`,
 * or as `json_schema` itself.
 */
export function findSchema(format: Readonly<Record<string, unknown>>): JsonSchema | undefined {
  const { json_schema: named, schema, response_schema: other } = format
  const inner = isObject(named) ? named : {}
  const found = [inner['schema'], inner['json_schema'], schema, other].find(isObject)
  return found ?? (KEYWORDS.some((keyword) => Object.hasOwn(inner, keyword)) ? inner : undefined)
}

/** Keywords by which an object is recognized as a schema. */
const KEYWORDS = ['type', 'properties', '$ref', 'anyOf', 'oneOf', 'allOf', '$defs', 'enum']

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
