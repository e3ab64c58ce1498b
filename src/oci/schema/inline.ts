import type { JsonSchema } from '../../chat/model.ts'
import { isSubschema, mapSubschemas, omit } from './keywords.ts'
import type { Subschema } from './keywords.ts'
import { mergeSchemas } from './merge.ts'
import { lookUp } from './pointer.ts'

/** Stands where an expansion ends. */
const ENDED: JsonSchema = { type: 'object' }
const NOTHING: JsonSchema = { not: {} }

/** No family reads schemas as deep as this. */
const MAX_LEVEL = 100

/**
 * How often a definition may lie inside itself, and how many characters references may add for it.
 * A schema that grows too large is expanded less deep; at depth 1 the budget ends it.
 */
const ATTEMPTS = [
  { depth: 4, budget: 32_000 },
  { depth: 3, budget: 32_000 },
  { depth: 2, budget: 32_000 },
  { depth: 1, budget: 256_000 },
] as const

const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef']
const REFERRING = new Set([...REFERENCES, '$defs', 'definitions'])
const ALL_OF = new Set(['allOf'])

interface Expansion {
  root: JsonSchema
  allOf: 'kept' | 'merged'
  depth: number
  budget: number
  spent: number
}

/** A schema and the references followed to reach it. */
interface Resolved {
  schema: Subschema
  followed: readonly string[]
}

/**
 * The schema with its references replaced by what they point at, and without definitions.
 * Terminates, and in bounded size, whatever the references are.
 */
export function inlineReferences(root: JsonSchema, allOf: 'kept' | 'merged'): JsonSchema {
  for (const limits of ATTEMPTS) {
    const expansion: Expansion = { root, allOf, spent: 0, ...limits }
    const schema = toRecord(expand(root, [], 0, expansion))
    if (expansion.spent <= limits.budget || limits.depth === 1) return schema
  }
  return ENDED
}

function expand(
  node: Subschema,
  around: readonly string[],
  level: number,
  expansion: Expansion,
): Subschema {
  if (level > MAX_LEVEL) return ENDED
  const { schema, followed } = resolve(node, around, expansion)
  if (typeof schema === 'boolean') return schema
  if (followed.length > 0) expansion.spent += weigh(schema)
  return mapSubschemas(
    schema,
    (subschema) => expand(subschema, followed, level + 1, expansion),
  )
}

function resolve(node: Subschema, around: readonly string[], expansion: Expansion): Resolved {
  if (typeof node === 'boolean') return { schema: node, followed: around }
  const reference = referenceOf(node)
  const own = omit(node, REFERRING)
  const base = reference === undefined ? undefined : follow(reference, around, expansion)
  const joined = base === undefined ? own : mergeSchemas(toRecord(base.schema), own)
  const followed = base?.followed ?? around
  return expansion.allOf === 'merged' && Array.isArray(joined['allOf'])
    ? mergeAllOf(joined, joined['allOf'], followed, expansion)
    : { schema: joined, followed }
}

function referenceOf(schema: JsonSchema): string | undefined {
  for (const keyword of REFERENCES) {
    const reference = schema[keyword]
    if (typeof reference === 'string') return reference
  }
  return undefined
}

function follow(reference: string, around: readonly string[], expansion: Expansion): Resolved {
  const times = around.filter((other) => other === reference).length
  const ends = times >= expansion.depth || around.length > MAX_LEVEL ||
    expansion.spent > expansion.budget
  if (ends) return { schema: ENDED, followed: around }
  const target = lookUp(expansion.root, reference)
  // What a reference into another document means nobody can say: any value is allowed.
  if (target === undefined) return { schema: {}, followed: around }
  expansion.spent += weigh(toRecord(target))
  return resolve(target, [...around, reference], expansion)
}

function mergeAllOf(
  joined: JsonSchema,
  members: readonly unknown[],
  around: readonly string[],
  expansion: Expansion,
): Resolved {
  const parts = members.filter(isSubschema).map((member) => resolve(member, around, expansion))
  const base = parts.map(({ schema }) => toRecord(schema)).reduce(mergeSchemas, {})
  return {
    schema: mergeSchemas(base, omit(joined, ALL_OF)),
    followed: [...around, ...parts.flatMap(({ followed }) => followed.slice(around.length))],
  }
}

function toRecord(schema: Subschema): JsonSchema {
  if (typeof schema !== 'boolean') return schema
  return schema ? {} : NOTHING
}

/** About as many characters as the schema itself adds to the request, those below it left out. */
function weigh(schema: JsonSchema): number {
  return JSON.stringify(mapSubschemas(schema, () => true)).length
}
