import { ApiError } from '../errors.ts'
import { nearestNames } from '../nearest-names.ts'

const REASON = 'usage'

/** The error for an unknown command, flag or value. The command ends with exit status 2. */
export function usageError(message: string): ApiError {
  return new ApiError('invalid_request', message, { reason: REASON })
}

/** The error for an unknown name, with the nearest known names. */
export function unknownName(kind: string, name: string, known: readonly string[]): ApiError {
  // The dashes of flags make none of them more similar.
  const bare = new Map(known.map((other) => [withoutDashes(other), other]))
  const [nearest = ''] = nearestNames(withoutDashes(name), [...bare.keys()])
  const suggestion = bare.get(nearest)
  const list = known.length === 0 ? 'There is none' : `Known: ${known.join(', ')}`
  const hint = suggestion === undefined ? `. ${list}` : `. Did you mean ${suggestion}?`
  return usageError(`Unknown ${kind} "${name}"${hint}`)
}

function withoutDashes(name: string): string {
  return name.replace(/^-+/, '')
}

/** Whether the user made a mistake on the command line. */
export function isUsageError(thrown: unknown): thrown is ApiError {
  return thrown instanceof ApiError && thrown.reason === REASON
}
