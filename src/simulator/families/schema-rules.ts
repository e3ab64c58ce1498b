import { badRequest, type ServiceError } from '../service-error.ts'
import type { GenericChatRequest } from './generic-request.ts'
import { openAiVendorError, xaiVendorError } from './rule.ts'

type Schema = Readonly<Record<string, unknown>>

/** A subschema and its path: `parameters.properties.city`. */
interface Place {
  path: string
  schema: Schema
}

/** Keywords outside the subset of OpenAPI schemas that Gemini supports. */
const UNSUPPORTED_BY_GEMINI = new Set([
  ...['$ref', '$defs', 'definitions', '$schema', '$id', 'additionalProperties', 'default', 'const'],
  ...['exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength', 'pattern', 'minItems'],
  ...['maxItems', 'oneOf', 'allOf', 'not', 'patternProperties', 'if', 'then', 'else', 'examples'],
])
const GEMINI_FORMATS: readonly unknown[] = [undefined, 'enum', 'date-time']

/** Rejects schemas that Gemini does not support. */
export function geminiSchemas(request: GenericChatRequest): ServiceError | undefined {
  for (const { path, schema } of placesOf(request)) {
    const key = Object.keys(schema).find((keyword) => UNSUPPORTED_BY_GEMINI.has(keyword))
    const problem = key === undefined ? geminiProblem(schema) : `Unknown name "${key}"`
    if (problem) {
      return badRequest(
        `Invalid JSON payload received. ${problem} at '${path}': Cannot find field.`,
      )
    }
  }
  return undefined
}

/** Rejects schemas that xAI does not support. */
export function xaiSchemas(request: GenericChatRequest): ServiceError | undefined {
  for (const { schema } of placesOf(request)) {
    if ('$ref' in schema) {
      return xaiVendorError('Invalid request content: Invalid function schema.')
    }
    const missing = undefinedNames(schema)
    if (missing.length > 0) {
      return xaiVendorError(
        `required fields [${missing.map((name) => `'${name}'`).join(', ')}] are not defined in ` +
          'the schema properties',
      )
    }
  }
  return undefined
}

/** A strict schema has to require every property and to forbid additional ones. */
export function strictSchemas({ responseFormat }: GenericChatRequest): ServiceError | undefined {
  const { name = '', schema, isStrict } = responseFormat?.jsonSchema ?? {}
  if (isStrict !== true) return undefined
  const loose = walk(schema, '').find(({ schema }) => isLoose(schema))
  if (!loose) return undefined
  return openAiVendorError(
    `Invalid schema for response_format '${name}': In context=(${loose.path}), ` +
      "'additionalProperties' is required to be supplied and to be false, and 'required' is " +
      'required to include every key in properties.',
    'response_format',
    'invalid_json_schema',
  )
}

function geminiProblem(schema: Schema): string | undefined {
  if (Array.isArray(schema['type'])) return 'Proto field is not repeating, "type"'
  if (!GEMINI_FORMATS.includes(schema['format'])) return 'only "enum" and "date-time" as "format"'
  if (schema['type'] === 'array' && schema['items'] === undefined) return 'missing "items"'
  const [missing] = undefinedNames(schema)
  return missing === undefined ? undefined : `property "${missing}" is not defined`
}

function placesOf({ tools = [], responseFormat }: GenericChatRequest): readonly Place[] {
  return [
    ...tools.flatMap(({ name, parameters }) => walk(parameters, `tools.${name}.parameters`)),
    ...walk(responseFormat?.jsonSchema?.schema, 'responseFormat.jsonSchema.schema'),
  ]
}

/** A schema and all its subschemas. */
function walk(value: unknown, path: string): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item, at) => walk(item, `${path}[${at}]`))
  const schema: Schema = { ...value }
  const named = ['properties', '$defs', 'definitions'].flatMap((key) =>
    Object.entries({ ...asObject(schema[key]) }).flatMap(([name, property]) =>
      walk(property, `${path}.${key}.${name}`)
    )
  )
  const direct = ['items', 'additionalProperties', 'anyOf', 'oneOf', 'allOf', 'not']
    .flatMap((key) => walk(schema[key], `${path}.${key}`))
  return [{ path, schema }, ...named, ...direct]
}

function undefinedNames(schema: Schema): readonly unknown[] {
  const required = schema['required']
  const properties = asObject(schema['properties'])
  if (!Array.isArray(required)) return []
  return required.filter((name) => !Object.hasOwn(properties, String(name)))
}

function isLoose(schema: Schema): boolean {
  if (schema['type'] !== 'object') return false
  const required = schema['required']
  const names = Object.keys(asObject(schema['properties']))
  const isComplete = names.every((name) => Array.isArray(required) && required.includes(name))
  return schema['additionalProperties'] !== false || !isComplete
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
