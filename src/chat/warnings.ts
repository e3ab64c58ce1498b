/** Longest text of a client in a message, in UTF-16 units. */
const MAX_TEXT_LENGTH = 100

/** Warnings of one step; the header that carries them has room for fewer. */
const MAX_WARNINGS = 100

/** A client's text, short enough for a message. */
export function shorten(text: string): string {
  return text.slice(0, MAX_TEXT_LENGTH)
}

/** The first 100 warnings, and how many more there are. */
export function boundWarnings(warnings: readonly string[]): readonly string[] {
  if (warnings.length <= MAX_WARNINGS) return warnings
  const more = warnings.length - MAX_WARNINGS
  return [...warnings.slice(0, MAX_WARNINGS), `and ${more} more warnings`]
}

/** A warning for each member of an object that has a value and that `isKnown` does not know. */
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
