import { ApiError } from '../../errors.ts'

/** How many names are offered. */
const MOST_NAMES = 3
/** The share of letter pairs two names must have in common to be called near. */
const NEAR = 0.4

/** A name OCI does not know is answered with the names nearest to it, never with another model. */
export async function withNearestNames<T>(
  answer: Promise<T>,
  readNames: () => Promise<readonly string[]> | readonly string[],
): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'model_not_found') throw error
    throw offering(error, await readNames())
  }
}

function offering(error: ApiError, names: readonly string[]): ApiError {
  const asked = /"([^"]*)"/.exec(error.message)?.[1] ?? ''
  const nearest = nearestNames(asked, names)
  if (nearest.length === 0) return error
  const list = nearest.map((name) => `"${name}"`).join(', ')
  return new ApiError('model_not_found', `${error.message}. Nearest names: ${list}`, error)
}

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
