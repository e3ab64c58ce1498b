import { MAX_JSON_DEPTH } from '../../../limits.ts'

/** How much JSON a value is. */
export interface JsonSize {
  /** Objects, arrays and scalars; a text or a name counts once more for each 256 characters. */
  values: number
  /** Levels of objects and arrays. */
  depth: number
}

/**
 * Measures a value as it would be written, so that an object that is held twice counts twice. Stops
 * soon after `maxValues` values or `MAX_JSON_DEPTH` levels: beyond either the figures are too low.
 */
export function measureJson(value: unknown, maxValues: number): JsonSize {
  const size: JsonSize = { values: 0, depth: 0 }
  const visit = (one: unknown, level: number): void => {
    size.values += typeof one === 'string' ? 1 + weightOf(one) : 1
    if (typeof one !== 'object' || one === null) return
    if (level > size.depth) size.depth = level
    if (level > MAX_JSON_DEPTH) return
    if (Array.isArray(one)) {
      for (const item of one) {
        if (size.values > maxValues) return
        visit(item, level + 1)
      }
      return
    }
    for (const [name, member] of Object.entries(one)) {
      if (size.values > maxValues) return
      size.values += weightOf(name)
      visit(member, level + 1)
    }
  }
  visit(value, 1)
  return size
}

function weightOf(text: string): number {
  return text.length >>> 8
}
