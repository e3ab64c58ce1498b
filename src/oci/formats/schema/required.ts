import type { JsonSchema } from '../../../chat/model.ts'
import { isRecord, mapSubschemas, omit } from './keywords.ts'

/** These apply to the very value their parent describes, so its properties are theirs. */
const IN_PLACE = new Set([
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentSchemas',
])

/** The properties that a schema's own value has, by the schema itself and by those around it. */
interface Scope {
  properties: unknown
  around: Scope | undefined
}

const REQUIRED = new Set(['required'])

/** Deeper than any family reads; what lies below is left alone. */
const MAX_LEVEL = 100

/**
 * Drops required names that are no properties, everywhere. With `own`, a name must be a property of
 * the same schema (xAI refuses others); with `in place`, one of a schema around it will do.
 */
export function dropUnknownRequired(schema: JsonSchema, scope: 'own' | 'in place'): JsonSchema {
  const visit = (node: JsonSchema, around: Scope | undefined, level: number): JsonSchema => {
    if (level > MAX_LEVEL) return node
    const own: Scope = { properties: node['properties'], around }
    return mapSubschemas(keepRealRequired(node, own), (subschema, keyword) => {
      if (typeof subschema === 'boolean') return subschema
      const isInPlace = scope === 'in place' && IN_PLACE.has(keyword)
      return visit(subschema, isInPlace ? own : undefined, level + 1)
    })
  }
  return visit(schema, undefined, 0)
}

/** One schema, without the required names that are properties nowhere in its scope. */
export function keepRealRequired(
  schema: JsonSchema,
  scope: Scope = { properties: schema['properties'], around: undefined },
): JsonSchema {
  const { required } = schema
  if (!Array.isArray(required)) return schema
  const real = required.filter((name) => typeof name === 'string' && isKnown(name, scope))
  if (real.length === required.length) return schema
  return real.length === 0 ? omit(schema, REQUIRED) : { ...schema, required: real }
}

function isKnown(name: string, scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.around) {
    if (isRecord(at.properties) && Object.hasOwn(at.properties, name)) return true
  }
  return false
}
