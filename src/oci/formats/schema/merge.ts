import type { JsonSchema } from '../../../chat/model.ts'
import { isRecord } from './keywords.ts'

/** Keywords whose names are united; of any other keyword the last value counts. */
const RECORDS = new Set(['properties', 'patternProperties'])
/** Keywords whose lists are united. */
const LISTS = new Set(['required', 'allOf'])

/**
 * Schemas that hold at once, as one: names are united, elsewhere the last schema has the last word.
 * Takes time in proportion to the schemas, however many they are.
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
    values.entries().map(([keyword, all]) => [keyword, unite(keyword, all)]),
  )
}

/** What several values of one keyword say together. */
function unite(keyword: string, values: readonly unknown[]): unknown {
  const last = values.at(-1)
  if (values.length === 1) return last
  if (RECORDS.has(keyword)) return uniteEnd(values, isRecord, uniteRecords)
  if (LISTS.has(keyword)) return uniteEnd(values, Array.isArray, uniteLists)
  return last
}

/** A value of the wrong form hides those before it, as it would if two were merged at a time. */
function uniteEnd<Value>(
  values: readonly unknown[],
  isForm: (value: unknown) => value is Value,
  together: (values: readonly Value[]) => Value,
): unknown {
  const end = values.slice(values.findLastIndex((value) => !isForm(value)) + 1).filter(isForm)
  const [only] = end
  if (only === undefined) return values.at(-1)
  return end.length === 1 ? only : together(end)
}

/** Made from entries, since an assignment to "__proto__" would set the prototype instead of a key. */
function uniteRecords(records: readonly JsonSchema[]): JsonSchema {
  return Object.fromEntries(records.flatMap((record) => Object.entries(record)))
}

function uniteLists(lists: readonly (readonly unknown[])[]): readonly unknown[] {
  return [...new Set(lists.flat())]
}
