/** Longest client text that a message quotes, in UTF-16 units. */
const MAX_TEXT_LENGTH = 100

/** Maximum warnings of one step. The response header has room for fewer. */
const MAX_WARNINGS = 100

/** Shortens a client's text for a message, to 100 UTF-16 units. */
export function shorten(text: string): string {
  return text.slice(0, MAX_TEXT_LENGTH)
}

/** Shortens a client's name for a warning, which is in a header. */
export function ascii(name: string): string {
  return shorten(name).replace(/[^\x21-\x7e]/g, '?')
}

/** Keeps the first 100 warnings and adds the number of the others. */
export function boundWarnings(warnings: readonly string[]): readonly string[] {
  if (warnings.length <= MAX_WARNINGS) return warnings
  const more = warnings.length - MAX_WARNINGS
  return [...warnings.slice(0, MAX_WARNINGS), `and ${more} more warnings`]
}

/** Returns a warning for each member that has a value and that `isKnown` rejects. */
export function warnOfUnknown(
  body: Readonly<Record<string, unknown>>,
  isKnown: (key: string) => boolean,
  prefix = '',
): readonly string[] {
  return boundWarnings(
    Object.keys(body)
      .filter((key) => !isKnown(key) && (body[key] ?? undefined) !== undefined)
      .map((key) => `${prefix}${shorten(key)}: not known, left out`),
  )
}
