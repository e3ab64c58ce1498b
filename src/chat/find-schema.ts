import { isJsonObject } from '../json-object.ts'
import type { JsonSchema } from './model.ts'

/**
 * Finds the schema of a response format in the places where clients put it: beside its type, in `json_schema`,
 * or as `json_schema` itself.
 */
export function findSchema(format: Readonly<Record<string, unknown>>): JsonSchema | undefined {
  const { json_schema: named, schema, response_schema: other } = format
  const inner = isJsonObject(named) ? named : {}
  const found = [inner['schema'], inner['json_schema'], schema, other].find(isJsonObject)
  return found ?? (KEYWORDS.some((keyword) => Object.hasOwn(inner, keyword)) ? inner : undefined)
}

/** Keywords by which an object is recognized as a schema. */
const KEYWORDS = ['type', 'properties', '$ref', 'anyOf', 'oneOf', 'allOf', '$defs', 'enum']
