/** A match in the format of the service. */
export interface PersonalInformation {
  offset: number
  length: number
  text: string
  label: string
  score: number
}

const PATTERNS = new Map<string, RegExp>([
  ['EMAIL', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  ['TELEPHONE_NUMBER', /(?<![\w.])\+?\d[\d ()-]{6,}\d(?![\w.])/g],
  ['PERSON', /\b(?:Mr|Mrs|Ms|Dr)\.? \p{Lu}\p{Ll}+|\bJohn \p{Lu}\p{Ll}+/gu],
  ['ADDRESS', /\b\d+ \p{Lu}\p{Ll}+ (?:Street|Road|Avenue)\b/gu],
])

/** The supported kinds of personal information. */
export const PERSONAL_KINDS: ReadonlySet<string> = new Set(PATTERNS.keys())

/** Finds personal information of the given kinds, in the order of the text. */
export function findPersonalInformation(
  text: string,
  kinds: readonly string[],
): readonly PersonalInformation[] {
  return kinds
    .flatMap((label) =>
      [...text.matchAll(PATTERNS.get(label) ?? /(?!)/g)].map((match) => ({
        offset: match.index,
        length: match[0].length,
        text: match[0],
        label,
        score: 0.95,
      }))
    )
    .sort((one, other) => one.offset - other.offset)
}
