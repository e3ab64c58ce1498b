const MAX_NAMES = 3
/** The minimum similarity, of 0 to 1. */
const MIN_SIMILARITY = 0.4

/** Returns the names similar to a mistyped one, most similar first. */
export function nearestNames(requested: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, similarity: similarity(requested.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.similarity >= MIN_SIMILARITY && candidate.name !== requested)
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, MAX_NAMES)
    .map(({ name }) => name)
}

/** Letter pairs find parts of long names; the edit distance finds mistyped short ones. */
function similarity(one: string, other: string): number {
  const length = Math.max(one.length, other.length)
  return Math.max(sharedPairs(one, other), 1 - editDistance(one, other) / (length || 1))
}

/** The ratio of common letter pairs (Dice coefficient). */
function sharedPairs(one: string, other: string): number {
  const [left, right] = [letterPairs(one), letterPairs(other)]
  const shared = [...left].filter((pair) => right.has(pair)).length
  return (2 * shared) / (left.size + right.size || 1)
}

function letterPairs(name: string): Set<string> {
  const letters = [...name]
  return new Set(letters.slice(1).map((letter, index) => `${letters[index]}${letter}`))
}

/**
 * The number of inserted, deleted, replaced and transposed neighbouring characters between two texts
 * (optimal string alignment distance).
 */
function editDistance(one: string, other: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + (isSame ? 0 : 1),
        isSwapped ? beforePrevious[column - 2]! + 1 : Infinity,
      )
    }
    beforePrevious = previous
    previous = current
  }
  return previous[other.length]!
}
