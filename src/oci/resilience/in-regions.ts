import { toApiError } from '../../errors.ts'
import type { Answer } from '../answer.ts'
import { errorBodyOf } from '../http/error.ts'
import {
  type Attempt,
  type AttemptDependencies,
  type AttemptedAnswer,
  type AttemptOptions,
  makeAttempts,
} from './attempts.ts'
import { isNotSent, isUnhealthy } from './retry-policy.ts'

/**
 * Makes calls for an object whose region is not known: in each region until one has it. A region that
 * fails is repeated as for other calls, and the object may still be in the next one. It does not
 * exist only if all regions say so, otherwise the failure is reported.
 */
export async function attemptInRegions<T>(
  send: (attempt: Attempt) => Promise<AttemptedAnswer<T>>,
  options: AttemptOptions,
  dependencies: AttemptDependencies,
): Promise<Answer<T>> {
  let failure: unknown
  for (const target of dependencies.targets.all()) {
    const targets = { ...dependencies.targets, of: () => [target] as const }
    try {
      return await makeAttempts(send, options, { ...dependencies, targets })
    } catch (error) {
      if (options.signal.aborted || !mayBeElsewhere(error)) throw error
      if (failure === undefined || isMissing(failure)) failure = error
    }
  }
  throw failure
}

function isMissing(error: unknown): boolean {
  return errorBodyOf(error)?.status === 404
}

function mayBeElsewhere(thrown: unknown): boolean {
  const error = toApiError(thrown)
  return isMissing(error) || isNotSent(error) || isUnhealthy(error)
}
