import type { JsonSchema } from '../../../chat/model.ts'
import { MAX_JSON_DEPTH } from '../../../limits.ts'
import { isSubschema, mapSubschemas, omit, REFERENCE_KEYWORDS, REFERENCES } from './keywords.ts'
import type { Subschema } from './keywords.ts'
import type { SchemaBudget } from './budget.ts'
import { type JsonSize, measureJson } from './measure.ts'
import { mergeSchemas } from './merge.ts'
import { resolvePointer } from './pointer.ts'

/** Replaces references that are not expanded further. */
const CUT_OFF: JsonSchema = { type: 'object' }
const NEVER: JsonSchema = { not: {} }

/** Deeper than any model family supports. */
const MAX_LEVEL = 100

/**
 * How often a definition is expanded inside itself, and how many characters references may add.
 * A schema that grows too large or too deep is retried at the next depth; at depth 1 the expansion
 * stops at the budget.
 */
const ATTEMPTS = [
  { depth: 4, budget: 32_000 },
  { depth: 3, budget: 32_000 },
  { depth: 2, budget: 32_000 },
  { depth: 1, budget: 256_000 },
] as const

const ALL_OF = new Set(['allOf'])

interface Expansion {
  root: JsonSchema
  allOf: 'kept' | 'merged'
  depth: number
  budget: number
  spent: number
  /** Whether the result is used even if it exceeds the budget. */
  isLast: boolean
  /** The target of each reference, resolved once. */
  targets: Map<string, Target>
}

interface Target {
  /** `undefined` when the reference has no target. */
  schema: Subschema | undefined
  /** Approximate characters, without subschemas. Measured once, because a definition may be large. */
  weight: number
}

/** Schemas to be merged in this order, and the targets that were followed to reach them. */
interface Resolved {
  layers: readonly JsonSchema[]
  followed: readonly Target[]
}

/**
 * Replaces references by their targets and removes the definitions. Terminates with a result of
 * bounded size for any references. `size` is that of the schema.
 */
export function inlineReferences(
  root: JsonSchema,
  allOf: 'kept' | 'merged',
  size: JsonSize,
  budget: Pick<SchemaBudget, 'expansion'> = { expansion: Infinity },
): JsonSchema {
  // The usual case: nothing to replace, and nothing too deep.
  if (!size.mayReference && size.depth <= MAX_LEVEL) return root
  const targets = new Map<string, Target>()
  for (const limits of ATTEMPTS) {
    const isLast = limits.depth === 1
    if (!isLast && budget.expansion <= 0) continue
    const expansion: Expansion = { root, allOf, spent: 0, targets, isLast, ...limits }
    const schema = toRecord(expand(root, [], 0, expansion))
    const { spent } = expansion
    budget.expansion -= spent
    if (isLast || spent === 0 || (spent <= limits.budget && !isTooDeep(schema))) return schema
  }
  return CUT_OFF
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
  if (level > MAX_LEVEL || isAbandoned(expansion)) return CUT_OFF
  if (typeof node === 'boolean') return node
  const { layers, followed } = resolve(node, around, expansion)
  // Merged once at the end of a chain of references, not at each link.
  const schema = mergeSchemas(layers)
  if (followed.length > 0) expansion.spent += weigh(schema)
  if (isAbandoned(expansion)) return CUT_OFF
  return mapSubschemas(
    schema,
    (subschema) => expand(subschema, followed, level + 1, expansion),
  )
}

/** Whether the result will be discarded, so that the rest of a large schema is not expanded in vain. */
function isAbandoned({ spent, budget, isLast }: Expansion): boolean {
  return !isLast && spent > budget
}

function resolve(node: Subschema, around: readonly Target[], expansion: Expansion): Resolved {
  if (typeof node === 'boolean') return { layers: [toRecord(node)], followed: around }
  const reference = referenceOf(node)
  const own = omit(node, REFERENCE_KEYWORDS)
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
  // Checked first, so that the list is short enough to be searched and copied below.
  if (around.length > MAX_LEVEL || expansion.spent > expansion.budget) {
    return { layers: [CUT_OFF], followed: around }
  }
  const target = findTarget(reference, expansion)
  // A reference to another document cannot be resolved: any value is allowed.
  if (target.schema === undefined) return { layers: [], followed: around }
  const times = around.filter((other) => other === target).length
  if (times >= expansion.depth) return { layers: [CUT_OFF], followed: around }
  expansion.spent += target.weight
  return resolve(target.schema, [...around, target], expansion)
}

function findTarget(reference: string, { root, targets }: Expansion): Target {
  const known = targets.get(reference)
  if (known) return known
  const schema = resolvePointer(root, reference)
  const weight = schema === undefined ? 0 : weigh(toRecord(schema))
  const target: Target = { schema, weight }
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
  return schema ? {} : NEVER
}

/** Approximate characters that the schema adds to the request, without its subschemas. */
function weigh(schema: JsonSchema): number {
  return JSON.stringify(mapSubschemas(schema, () => true)).length
}
