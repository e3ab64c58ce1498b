import type { AbortHandle } from '../../abort.ts'
import type { ChatRequest } from '../../chat/model.ts'
import { ApiError, toApiError } from '../../errors.ts'
import { type Answer, joinAnswers } from '../answer.ts'
import { childController } from '../async/child-controller.ts'
import { type CallContext, createTrace } from '../call.ts'
import type { ModelProfile } from '../models/profiles.ts'

/** Maximum choices for a model that needs one call for each, since each call has its own cost. */
const MAX_CALLS = 8

/** Returns the number of calls for the requested choices. */
export function requiredCalls(
  { choices = 1 }: ChatRequest,
  { multipleChoices }: Pick<ModelProfile, 'multipleChoices'>,
): number {
  if (multipleChoices || choices === 1) return 1
  if (choices <= MAX_CALLS) return choices
  throw new ApiError(
    'invalid_request',
    `"n" must be at most ${MAX_CALLS} for this model`,
    { param: 'n' },
  )
}

/**
 * Makes a call several times in parallel, each with its own retries, and joins the answers. The first
 * failure aborts all calls.
 */
export function fanOut<T>(
  calls: number,
  call: CallContext,
  send: (call: CallContext) => Promise<Answer<T>>,
  join: (values: readonly T[], abort: AbortHandle) => T,
): Promise<Answer<T>> {
  return calls === 1 ? send(call) : callInParallel(calls, call, send, join)
}

async function callInParallel<T>(
  calls: number,
  call: CallContext,
  send: (call: CallContext) => Promise<Answer<T>>,
  join: (values: readonly T[], abort: AbortHandle) => T,
): Promise<Answer<T>> {
  const { signal, trace = createTrace() } = call
  const abort = childController(signal)
  try {
    const answers = await Promise.all(Array.from(
      { length: calls },
      () => send({ ...call, signal: abort.signal, trace: { ...trace } }),
    ))
    const value = join(answers.map(({ value }) => value), abort)
    return joinAnswers(answers, value, trace.attempts)
  } catch (error) {
    abort.abort(error)
    trace.attempts = toApiError(error).attempts ?? trace.attempts
    throw error
  }
}
