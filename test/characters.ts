import fc from 'fast-check'

/**
 * Units of random texts. The units of fast-check (`binary` and `grapheme`) are the same, but build a map
 * of all of Unicode in each process, which takes seconds and 100 MB.
 */

/** Code points below and in all, without the halves of surrogate pairs. */
const BELOW_SURROGATES = 0xd800
const SURROGATES = 0x800
const LAST = 0x10ffff - SURROGATES

/** Any code point that is not half a surrogate pair. */
export const anyCharacter: fc.Arbitrary<string> = fc.nat(LAST).map(
  (index) => String.fromCodePoint(index < BELOW_SURROGATES ? index : index + SURROGATES),
  (character) => {
    const point = typeof character === 'string' ? character.codePointAt(0) : undefined
    if (point === undefined || String.fromCodePoint(point) !== character) {
      throw new Error('not one character')
    }
    return point < BELOW_SURROGATES ? point : point - SURROGATES
  },
)

/** Characters that stand for themselves, and some that take several code points. */
export const grapheme: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 9,
    arbitrary: anyCharacter.filter((character) => /^[\p{L}\p{N}\p{P}\p{S}\p{Z}]$/u.test(character)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('e\u0301', '한'.normalize('NFD'), 'न\u093f', '👩\u200d👧', '🇩🇪'),
  },
)
