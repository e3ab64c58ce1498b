import { isJsonObject } from '../json-object.ts'
import type { JsonSchema, ResponseFormat } from './model.ts'

/**
 * Finds the schema of a response format in the places where clients put it: beside its type, in
 * `json_schema`, or as `json_schema` itself.
 */
export function findSchema(format: Readonly<Record<string, unknown>>): JsonSchema | undefined {
  const { json_schema: named, schema, response_schema: other } = format
  const inner = isJsonObject(named) ? named : {}
  const found = [inner['schema'], inner['json_schema'], schema, other].find(isJsonObject)
  return found ?? (KEYWORDS.some((keyword) => Object.hasOwn(inner, keyword)) ? inner : undefined)
}

/** Keywords by which an object is recognized as a schema. */
const KEYWORDS = ['type', 'properties', '$ref', 'anyOf', 'oneOf', 'allOf', '$defs', 'enum']

/** The neutral format of a schema, with the name and description in `json_schema` or beside it. */
export function schemaFormat(
  format: Readonly<Record<string, unknown>>,
  schema: JsonSchema | undefined,
): ResponseFormat {
  const { json_schema: named } = format
  const { name, description, strict } = isJsonObject(named) ? { ...format, ...named } : format
  return {
    type: 'json-schema',
    name: typeof name === 'string' && name !== '' ? name : 'response',
    description: typeof description === 'string' ? description : undefined,
    schema,
    strict: typeof strict === 'boolean' ? strict : undefined,
  }
}
