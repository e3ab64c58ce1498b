import { ApiError } from '../../errors.ts'
import { nearestNames } from '../../nearest-names.ts'

/** Adds the nearest names to the error for a model that OCI does not know. */
export function withNearestNames<T>(
  answer: Promise<T>,
  readNames: () => Promise<readonly string[]> | readonly string[],
): Promise<T> {
  return answer.catch(async (error: unknown) => {
    if (!(error instanceof ApiError) || error.code !== 'model_not_found') throw error
    throw withSuggestions(error, await readNames())
  })
}

function withSuggestions(error: ApiError, names: readonly string[]): ApiError {
  const requested = /"([^"]*)"/.exec(error.message)?.[1] ?? ''
  const nearest = nearestNames(requested, names)
  if (nearest.length === 0) return error
  const list = nearest.map((name) => `"${name}"`).join(', ')
  return new ApiError('model_not_found', `${error.message}. Nearest names: ${list}`, error)
}
