/** How many names are offered. */
const MOST_NAMES = 3
/** The share of letter pairs two names must have in common to be called near. */
const NEAR = 0.4

/** The names most like a mistyped one, nearest first, by the letter pairs they share (Dice). */
export function nearestNames(asked: string, names: readonly string[]): string[] {
  const pairs = letterPairs(asked)
  return names
    .map((name) => ({ name, likeness: likeness(pairs, letterPairs(name)) }))
    .filter((candidate) => candidate.likeness >= NEAR && candidate.name !== asked)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, MOST_NAMES)
    .map(({ name }) => name)
}

function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((pair) => other.has(pair)).length
  return (2 * shared) / (one.size + other.size || 1)
}

function letterPairs(name: string): Set<string> {
  const letters = [...name.toLowerCase()]
  return new Set(letters.slice(1).map((letter, index) => `${letters[index]}${letter}`))
}
