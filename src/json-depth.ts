const QUOTE = 0x22
const BACKSLASH = 0x5c
/** Characters that are scanned one by one behind an escaped quote. */
const SCANNED = 256

/** Limits on the structure of a JSON text. */
export interface JsonLimits {
  /** Levels of objects and arrays. */
  depth: number
  /** Values of every kind, within a few for empty objects and arrays. */
  values: number
}

/**
 * Which limit a JSON text exceeds, found without parsing it: parsing would take seconds and hundreds
 * of megabytes for what is millions of levels deep or has millions of values. Strings are skipped.
 */
export function findJsonExcess(
  json: string,
  { depth: maxDepth, values: maxValues }: JsonLimits,
): keyof JsonLimits | undefined {
  let depth = 0
  // Each value but the first of an object or array follows a comma, the first one its bracket.
  let values = 1
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(json, at)
        break
      case 0x2c: // ,
        if (++values > maxValues) return 'values'
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > maxDepth) return 'depth'
        if (++values > maxValues) return 'values'
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
    }
  }
  return undefined
}

/** Whether JSON is nested more than `most` levels deep. */
export function isDeeper(json: string, most: number): boolean {
  return findJsonExcess(json, { depth: most, values: Infinity }) === 'depth'
}

/**
 * Where the text that begins at `start` ends: at the next quote that is not escaped. A search is
 * fastest for texts without escapes; where there is one, others are likely near.
 */
function endOfText(json: string, start: number): number {
  let end = json.indexOf('"', start + 1)
  while (end >= 0 && isEscaped(json, end)) {
    const limit = end + SCANNED
    for (end++; end < limit && json.charCodeAt(end) !== QUOTE; end++) {
      if (json.charCodeAt(end) === BACKSLASH) end++
    }
    if (json.charCodeAt(end) === QUOTE && end < limit) return end
    end = json.indexOf('"', end)
  }
  return end < 0 ? json.length : end
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0
  while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}
