import { isJsonObject } from '../../../json-object.ts'
import type { JsonSchema } from '../../../chat/model.ts'
import { mapSubschemas, omit } from './keywords.ts'

/** Keywords whose schemas apply to the same value as their parent, so that its properties are theirs. */
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

/** The properties of a value, from its schema and the schemas around it. */
interface Scope {
  properties: unknown
  around: Scope | undefined
}

const REQUIRED = new Set(['required'])

/** Deeper than any model family supports; schemas below this level are unchanged. */
const MAX_LEVEL = 100

/**
 * Drops required names that are not properties, at every level. With `own`, a name must be a property
 * of the same schema (xAI rejects others); with `in place`, of a schema around it that applies to the
 * same value.
 */
export function dropUnknownRequired(schema: JsonSchema, scope: 'own' | 'in place'): JsonSchema {
  const visit = (node: JsonSchema, around: Scope | undefined, level: number): JsonSchema => {
    if (level > MAX_LEVEL) return node
    const own: Scope = { properties: node['properties'], around }
    return mapSubschemas(keepKnownRequired(node, own), (subschema, keyword) => {
      if (typeof subschema === 'boolean') return subschema
      const isInPlace = scope === 'in place' && IN_PLACE.has(keyword)
      return visit(subschema, isInPlace ? own : undefined, level + 1)
    })
  }
  return visit(schema, undefined, 0)
}

/** Drops the required names of one schema that are not properties in its scope. */
export function keepKnownRequired(
  schema: JsonSchema,
  scope: Scope = { properties: schema['properties'], around: undefined },
): JsonSchema {
  const { required } = schema
  if (!Array.isArray(required)) return schema
  const known = required.filter((name) => typeof name === 'string' && isKnown(name, scope))
  if (known.length === required.length) return schema
  return known.length === 0 ? omit(schema, REQUIRED) : { ...schema, required: known }
}

function isKnown(name: string, scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.around) {
    if (isJsonObject(at.properties) && Object.hasOwn(at.properties, name)) return true
  }
  return false
}
