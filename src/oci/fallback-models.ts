import { ApiError, toApiError } from '../errors.ts'
import type { Answer } from './answer.ts'
import { createJourney } from './attempts.ts'
import type { CallContext, OciSetup } from './context.ts'
import { isUnhealthy } from './fallback.ts'
import { resolveModel } from './model-names.ts'
import { longestMatch } from './models.ts'

/**
 * Asks a model and then, where its failure may be cured so, those that the operator named in its
 * place, one after the other; all of their calls count together. One that cannot take the request is
 * skipped. When all fail, the error is that of the model the client asked for. Never another model by
 * itself. Where `ask` answers nothing, that ends it, too.
 */
export async function withFallbackModels<T, N extends undefined = never>(
  asked: string,
  means: Pick<OciSetup, 'fallbacks' | 'aliases' | 'platform' | 'retry'>,
  call: CallContext,
  ask: (model: string, call: CallContext) => Promise<Answer<T> | N>,
): Promise<Answer<T> | N> {
  const { fallbacks, aliases, platform, retry } = means
  const pattern = longestMatch(asked, fallbacks.keys()) ??
    longestMatch(resolveModel(asked, aliases), fallbacks.keys())
  const [...others] = fallbacks.get(pattern ?? '') ?? []
  const { journey = createJourney() } = call
  let model = asked
  let failure: ApiError | undefined
  for (;;) {
    try {
      const answer = await ask(model, { ...call, journey, isLastModel: others.length === 0 })
      return model === asked || !answer ? answer : { ...answer, fallback: model }
    } catch (thrown) {
      if (call.signal.aborted) throw thrown
      const error = toApiError(thrown)
      if (failure === undefined && !isUnhealthy(error)) throw thrown
      failure = afterFallback(failure, error)
      const next = journey.attempts < retry.maxAttempts ? others.shift() : undefined
      if (next === undefined) throw failure
      platform.log({ level: 'warn', event: 'model_fallback', model, next, error: error.code })
      model = next
    }
  }
}

/** The first model's failure, which counts all calls; it is spent once a later failure is. */
function afterFallback(failure: ApiError | undefined, error: ApiError): ApiError {
  if (failure === undefined) return error
  const { attempts = failure.attempts, region = failure.region } = error
  return failure.with({ spent: failure.spent || error.spent, attempts, region })
}
