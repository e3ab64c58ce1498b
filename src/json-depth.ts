const QUOTE = 0x22
const BACKSLASH = 0x5c
/** Characters that are scanned one by one after an escaped quote. */
const SCAN_LENGTH = 256

/** Limits on the structure of a JSON text. */
export interface JsonLimits {
  /** Maximum levels of objects and arrays. */
  depth: number
  /** Maximum values of every kind; an empty object or array counts as two. */
  values: number
}

/**
 * Finds the first limit that a JSON text exceeds, without parsing it: parsing millions of levels or
 * values would take seconds and hundreds of megabytes. Strings are skipped.
 */
export function findJsonExcess(
  json: string,
  { depth: maxDepth, values: maxValues }: JsonLimits,
): keyof JsonLimits | undefined {
  let depth = 0
  // The first value of an object or array follows its bracket, each further one a comma.
  let values = 1
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at)
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

/** Whether JSON is nested more than `maxDepth` levels deep. */
export function isDeeper(json: string, maxDepth: number): boolean {
  return findJsonExcess(json, { depth: maxDepth, values: Infinity }) === 'depth'
}

/** Whether every string, object and array of a JSON text ends. */
export function isClosed(json: string): boolean {
  let depth = 0
  for (let at = 0; at < json.length && depth >= 0; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at)
        if (at === json.length) return false
        break
      case 0x5b: // [
      case 0x7b: // {
        depth++
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
    }
  }
  return depth === 0
}

/**
 * Position of the quote that ends the string at `start`. `indexOf` is fastest for strings without
 * escapes; after an escaped quote, more of them are likely, and scanning is faster.
 */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1)
  while (end >= 0 && isEscaped(json, end)) {
    const limit = end + SCAN_LENGTH
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
