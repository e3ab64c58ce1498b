import type { JsonSchema } from '../../chat/model.ts'
import { isRecord } from './keywords.ts'

/** Two schemas that hold at once, as one: names are united, elsewhere `over` has the last word. */
export function mergeSchemas(base: JsonSchema, over: JsonSchema): JsonSchema {
  return {
    ...base,
    ...over,
    ...uniteRecords('properties', base, over),
    ...uniteRecords('patternProperties', base, over),
    ...uniteLists('required', base, over),
    ...uniteLists('allOf', base, over),
  }
}

function uniteRecords(keyword: string, base: JsonSchema, over: JsonSchema): JsonSchema {
  const [below, above] = [base[keyword], over[keyword]]
  return isRecord(below) && isRecord(above) ? { [keyword]: { ...below, ...above } } : {}
}

function uniteLists(keyword: string, base: JsonSchema, over: JsonSchema): JsonSchema {
  const [below, above] = [base[keyword], over[keyword]]
  if (!Array.isArray(below) || !Array.isArray(above)) return {}
  return { [keyword]: [...new Set([...below, ...above])] }
}
