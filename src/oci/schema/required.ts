import type { JsonSchema } from '../../chat/model.ts'
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

const NO_NAMES: ReadonlySet<string> = new Set()
const REQUIRED = new Set(['required'])

/** Deeper than any family reads; what lies below is left alone. */
const MAX_LEVEL = 100

/**
 * Drops required names that are no properties, everywhere. With `own`, a name must be a property of
 * the same schema (xAI refuses others); with `in place`, one of a schema around it will do.
 */
export function dropGhosts(schema: JsonSchema, scope: 'own' | 'in place'): JsonSchema {
  const visit = (node: JsonSchema, around: ReadonlySet<string>, level: number): JsonSchema => {
    if (level > MAX_LEVEL) return node
    const names = scope === 'own' ? NO_NAMES : around.union(propertyNames(node))
    return mapSubschemas(keepRealRequired(node, names), (subschema, keyword) => {
      if (typeof subschema === 'boolean') return subschema
      return visit(subschema, IN_PLACE.has(keyword) ? names : NO_NAMES, level + 1)
    })
  }
  return visit(schema, NO_NAMES, 0)
}

/** One schema, without the required names that are neither its properties nor known otherwise. */
export function keepRealRequired(
  schema: JsonSchema,
  known: ReadonlySet<string> = NO_NAMES,
): JsonSchema {
  const { required, properties } = schema
  if (!Array.isArray(required)) return schema
  const isReal = (name: unknown) =>
    typeof name === 'string' &&
    (known.has(name) || (isRecord(properties) && Object.hasOwn(properties, name)))
  const real = required.filter(isReal)
  if (real.length === required.length) return schema
  return real.length === 0 ? omit(schema, REQUIRED) : { ...schema, required: real }
}

function propertyNames({ properties }: JsonSchema): ReadonlySet<string> {
  return isRecord(properties) ? new Set(Object.keys(properties)) : NO_NAMES
}
