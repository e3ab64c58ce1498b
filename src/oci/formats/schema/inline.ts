import type { JsonSchema } from '../../../chat/model.ts'
import { MAX_JSON_DEPTH } from '../../../limits.ts'
import { isSubschema, mapSubschemas, omit } from './keywords.ts'
import type { Subschema } from './keywords.ts'
import type { SchemaBudget } from './budget.ts'
import { measureJson } from './measure.ts'
import { mergeSchemas } from './merge.ts'
import { resolvePointer } from './pointer.ts'

/** Stands where an expansion ends. */
const ENDED: JsonSchema = { type: 'object' }
const NOTHING: JsonSchema = { not: {} }

/** No family reads schemas as deep as this. */
const MAX_LEVEL = 100

/**
 * How often a definition may lie inside itself, and how many characters references may add for it.
 * A schema that grows too large or too deep is expanded less deep; at depth 1 the budget ends it.
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
  /** What each reference points at, found once. */
  targets: Map<string, Target>
}

interface Target {
  /** `undefined` where there is none. */
  schema: Subschema | undefined
}

/** Schemas that hold at once, to be merged in this order, and the targets followed to reach them. */
interface Resolved {
  layers: readonly JsonSchema[]
  followed: readonly Target[]
}

/**
 * The schema with its references replaced by what they point at, and without definitions.
 * Terminates, and in bounded size, whatever the references are.
 */
export function inlineReferences(
  root: JsonSchema,
  allOf: 'kept' | 'merged',
  budget: Pick<SchemaBudget, 'expansion'> = { expansion: Infinity },
): JsonSchema {
  const targets = new Map<string, Target>()
  for (const limits of ATTEMPTS) {
    const isLast = limits.depth === 1
    if (!isLast && budget.expansion <= 0) continue
    const expansion: Expansion = { root, allOf, spent: 0, targets, ...limits }
    const schema = toRecord(expand(root, [], 0, expansion))
    const { spent } = expansion
    budget.expansion -= spent
    if (isLast || spent === 0 || (spent <= limits.budget && !isTooDeep(schema))) return schema
  }
  return ENDED
}

function isTooDeep(schema: JsonSchema): boolean {
  return measureJson(schema, Infinity).depth > MAX_JSON_DEPTH
}

function expand(
  node: Subschema,
  around: readonly Target[],
  level: number,
  expansion: Expansion,
): Subschema {
  if (level > MAX_LEVEL) return ENDED
  if (typeof node === 'boolean') return node
  const { layers, followed } = resolve(node, around, expansion)
  // Merged once, at the end of a chain of references: not at each of its links.
  const schema = mergeSchemas(layers)
  if (followed.length > 0) expansion.spent += weigh(schema)
  return mapSubschemas(
    schema,
    (subschema) => expand(subschema, followed, level + 1, expansion),
  )
}

function resolve(node: Subschema, around: readonly Target[], expansion: Expansion): Resolved {
  if (typeof node === 'boolean') return { layers: [toRecord(node)], followed: around }
  const reference = referenceOf(node)
  const own = omit(node, REFERRING)
  const base = reference === undefined
    ? { layers: [], followed: around }
    : follow(reference, around, expansion)
  return expansion.allOf === 'merged' && Array.isArray(own['allOf'])
    ? resolveAllOf(own, own['allOf'], base, expansion)
    : { layers: [...base.layers, own], followed: base.followed }
}

function referenceOf(schema: JsonSchema): string | undefined {
  for (const keyword of REFERENCES) {
    const reference = schema[keyword]
    if (typeof reference === 'string') return reference
  }
  return undefined
}

function follow(reference: string, around: readonly Target[], expansion: Expansion): Resolved {
  // Looked at first: the list is short enough to be searched and copied after this.
  if (around.length > MAX_LEVEL || expansion.spent > expansion.budget) {
    return { layers: [ENDED], followed: around }
  }
  const target = findTarget(reference, expansion)
  // What a reference into another document means nobody can say: any value is allowed.
  if (target.schema === undefined) return { layers: [], followed: around }
  const times = around.filter((other) => other === target).length
  if (times >= expansion.depth) return { layers: [ENDED], followed: around }
  expansion.spent += weigh(toRecord(target.schema))
  return resolve(target.schema, [...around, target], expansion)
}

function findTarget(reference: string, { root, targets }: Expansion): Target {
  const known = targets.get(reference)
  if (known) return known
  const target: Target = { schema: resolvePointer(root, reference) }
  targets.set(reference, target)
  return target
}

function resolveAllOf(
  own: JsonSchema,
  members: readonly unknown[],
  { layers, followed }: Resolved,
  expansion: Expansion,
): Resolved {
  const parts = members.filter(isSubschema).map((member) => resolve(member, followed, expansion))
  return {
    layers: [...parts.flatMap((part) => part.layers), ...layers, omit(own, ALL_OF)],
    followed: [...followed, ...parts.flatMap((part) => part.followed.slice(followed.length))],
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
