import type { ChatRequest } from '../../chat/model.ts'
import { ApiError, toApiError } from '../../errors.ts'
import { type Answer, joinAnswers } from '../answer.ts'
import { childController } from '../async/child-controller.ts'
import { type CallContext, createTrace } from '../call.ts'
import type { ModelProfile } from '../models/profiles.ts'

/** Each answer is a call of its own, and all are paid for. */
const MOST_CALLS = 8

/** How many calls it takes to get as many answers as are asked for: one where a call brings several. */
export function requiredCalls(
  { choices = 1 }: ChatRequest,
  { multipleChoices }: Pick<ModelProfile, 'multipleChoices'>,
): number {
  if (multipleChoices || choices === 1) return 1
  if (choices <= MOST_CALLS) return choices
  throw new ApiError(
    'invalid_request',
    `Cannot ask for ${choices} answers: of this model it is ${MOST_CALLS} at most`,
    { param: 'n' },
  )
}

/**
 * Makes one call several times at once, each of which may be repeated as if it were alone. The first
 * failure ends them all.
 */
export async function fanOut<T>(
  calls: number,
  call: CallContext,
  ask: (call: CallContext) => Promise<Answer<T>>,
  join: (values: readonly T[], abort: AbortController) => T,
): Promise<Answer<T>> {
  if (calls === 1) return await ask(call)
  const { signal, trace = createTrace() } = call
  const abort = childController(signal)
  try {
    const answers = await Promise.all(Array.from(
      { length: calls },
      () => ask({ ...call, signal: abort.signal, trace: { ...trace } }),
    ))
    const attempts = answers.reduce(
      (sum, answer) => sum + (answer.attempts ?? 0) - trace.attempts,
      trace.attempts,
    )
    return joinAnswers(answers, join(answers.map(({ value }) => value), abort), attempts)
  } catch (error) {
    abort.abort(error)
    trace.attempts = toApiError(error).attempts ?? trace.attempts
    throw error
  }
}
