import { MAX_JSON_DEPTH } from '../../../limits.ts'
import { isJsonObject } from '../../../json-object.ts'
import { isExpanded } from './keywords.ts'

/** The size of a JSON value. */
export interface JsonSize {
  /** Objects, arrays and scalars; each 256 characters of a text or a name count as one more. */
  values: number
  /** Nesting levels of objects and arrays. */
  depth: number
  /** Whether a member at any level, which may be data, has the name of a keyword that is expanded. */
  mayReference: boolean
}

/**
 * Measures a value as serialized: an object that is referenced twice counts twice. Stops soon after
 * `maxValues` values or `MAX_JSON_DEPTH` levels; the result is too low beyond either.
 */
export function measureJson(value: unknown, maxValues: number): JsonSize {
  const size: JsonSize = { values: 0, depth: 0, mayReference: false }
  const visit = (node: unknown, level: number): void => {
    size.values += typeof node === 'string' ? 1 + weightOf(node) : 1
    if (typeof node !== 'object' || node === null) return
    if (level > size.depth) size.depth = level
    if (level > MAX_JSON_DEPTH) return
    if (Array.isArray(node)) {
      for (const item of node) {
        if (size.values > maxValues) return
        visit(item, level + 1)
      }
      return
    }
    // The entries would be a list of lists: this runs for every value of all tools.
    if (!isJsonObject(node)) return
    for (const name of Object.keys(node)) {
      if (size.values > maxValues) return
      size.values += weightOf(name)
      size.mayReference ||= isExpanded(name)
      visit(node[name], level + 1)
    }
  }
  visit(value, 1)
  return size
}

function weightOf(text: string): number {
  return text.length >>> 8
}
