import { ApiError } from '../errors.ts'
import { nearestNames } from '../nearest-names.ts'

const REASON = 'usage'

/** The error for an unknown command, flag or value. The command ends with exit status 2. */
export function usageError(message: string): ApiError {
  return new ApiError('invalid_request', message, { reason: REASON })
}

/** The error for an unknown name, with the nearest known names. */
export function unknownName(kind: string, name: string, known: readonly string[]): ApiError {
  const [nearest] = nearestNames(name, known)
  const hint = nearest === undefined ? `. Known: ${known.join(', ')}` : `. Did you mean ${nearest}?`
  return usageError(`Unknown ${kind} "${name}"${hint}`)
}

/** Whether the user made a mistake on the command line. */
export function isUsageError(thrown: unknown): thrown is ApiError {
  return thrown instanceof ApiError && thrown.reason === REASON
}
