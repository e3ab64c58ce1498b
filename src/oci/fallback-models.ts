import { toApiError } from '../errors.ts'
import type { Answer } from './answer.ts'
import { createJourney } from './attempts.ts'
import type { CallContext, OciSetup } from './context.ts'
import { isUnhealthy } from './fallback.ts'
import { resolveModel } from './model-names.ts'
import { longestMatch } from './models.ts'

/**
 * Asks a model and then, while what fails may be cured so, those that the operator named in its
 * place; all of their calls count together. Never another model by itself. Where `ask` may answer
 * nothing, that ends it, too.
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
  for (;;) {
    try {
      const answer = await ask(model, { ...call, journey, isLastModel: others.length === 0 })
      return model === asked || !answer ? answer : { ...answer, fallback: model }
    } catch (error) {
      const isCurable = isUnhealthy(toApiError(error)) && journey.attempts < retry.attempts
      const next = isCurable && !call.signal.aborted ? others.shift() : undefined
      if (next === undefined) throw error
      platform.log({ level: 'warn', event: 'model_fallback', model, next })
      model = next
    }
  }
}
