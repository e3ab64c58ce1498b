import { ApiError } from '../../errors.ts'

const MAX_NAMES = 3
/** The minimum ratio of common letter pairs of two similar names. */
const MIN_SIMILARITY = 0.4

/** Adds the nearest names to the error for a model that OCI does not know. */
export async function withNearestNames<T>(
  answer: Promise<T>,
  readNames: () => Promise<readonly string[]> | readonly string[],
): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'model_not_found') throw error
    throw withSuggestions(error, await readNames())
  }
}

function withSuggestions(error: ApiError, names: readonly string[]): ApiError {
  const requested = /"([^"]*)"/.exec(error.message)?.[1] ?? ''
  const nearest = nearestNames(requested, names)
  if (nearest.length === 0) return error
  const list = nearest.map((name) => `"${name}"`).join(', ')
  return new ApiError('model_not_found', `${error.message}. Nearest names: ${list}`, error)
}

/** Returns the names similar to a mistyped one, most similar first (Dice coefficient of letter pairs). */
export function nearestNames(requested: string, names: readonly string[]): string[] {
  const pairs = letterPairs(requested)
  return names
    .map((name) => ({ name, similarity: similarity(pairs, letterPairs(name)) }))
    .filter((candidate) => candidate.similarity >= MIN_SIMILARITY && candidate.name !== requested)
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, MAX_NAMES)
    .map(({ name }) => name)
}

function similarity(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((pair) => other.has(pair)).length
  return (2 * shared) / (one.size + other.size || 1)
}

function letterPairs(name: string): Set<string> {
  const letters = [...name.toLowerCase()]
  return new Set(letters.slice(1).map((letter, index) => `${letters[index]}${letter}`))
}
