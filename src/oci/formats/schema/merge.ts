import { isJsonObject } from '../../../json-object.ts'
import type { JsonSchema } from '../../../chat/model.ts'

/** Keywords whose properties are merged; of any other keyword the last value counts. */
const RECORDS = new Set(['properties', 'patternProperties'])
/** Keywords whose lists are merged. */
const LISTS = new Set(['required', 'allOf'])

/**
 * Merges schemas that all apply to a value: properties and lists are merged, other keywords take the
 * value of the last schema. Takes linear time in the size of the schemas.
 */
export function mergeSchemas(schemas: readonly JsonSchema[]): JsonSchema {
  const [only] = schemas
  if (only && schemas.length === 1) return only
  const values = new Map<string, unknown[]>()
  for (const schema of schemas) {
    for (const [keyword, value] of Object.entries(schema)) {
      const known = values.get(keyword)
      if (known) known.push(value)
      else values.set(keyword, [value])
    }
  }
  return Object.fromEntries(
    values.entries().map(([keyword, all]) => [keyword, mergeValues(keyword, all)]),
  )
}

/** Merges the values of one keyword. */
function mergeValues(keyword: string, values: readonly unknown[]): unknown {
  const last = values.at(-1)
  if (values.length === 1) return last
  if (RECORDS.has(keyword)) return mergeFromLastMismatch(values, isJsonObject, mergeRecords)
  if (LISTS.has(keyword)) return mergeFromLastMismatch(values, Array.isArray, mergeLists)
  return last
}

/** A value of the wrong type overrides those before it, as in a pairwise merge. */
function mergeFromLastMismatch<Value>(
  values: readonly unknown[],
  isExpected: (value: unknown) => value is Value,
  merge: (values: readonly Value[]) => Value,
): unknown {
  const end = values.slice(values.findLastIndex((value) => !isExpected(value)) + 1).filter(
    isExpected,
  )
  const [only] = end
  if (only === undefined) return values.at(-1)
  return end.length === 1 ? only : merge(end)
}

/** Built from entries: an assignment to "__proto__" would set the prototype instead of a key. */
function mergeRecords(records: readonly JsonSchema[]): JsonSchema {
  return Object.fromEntries(records.flatMap((record) => Object.entries(record)))
}

function mergeLists(lists: readonly (readonly unknown[])[]): readonly unknown[] {
  return [...new Set(lists.flat())]
}
