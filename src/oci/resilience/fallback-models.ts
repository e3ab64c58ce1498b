import { type ApiError, toApiError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Answer } from '../answer.ts'
import { type CallContext, createTrace } from '../call.ts'
import { resolveAlias } from '../models/names.ts'
import { longestMatch } from '../models/profiles.ts'
import { isUnhealthy, type RetryPolicy } from './retry-policy.ts'

/** The operator's fallback models, and the dependencies for trying them. */
export interface FallbackDependencies {
  /** The fallback models in their order, by the name or pattern of the requested one. */
  fallbacks: ReadonlyMap<string, readonly string[]>
  aliases: ReadonlyMap<string, string>
  platform: Pick<Platform, 'log'>
  retry: Pick<RetryPolicy, 'maxAttempts'>
}

/**
 * Calls `send` with the requested model and, if that is unhealthy, with the operator's fallback models
 * in order. All calls count towards one maximum. A fallback that rejects the request is skipped. If
 * all fail, throws the error of the requested model. `mayFallBack` is evaluated after each failure.
 */
export async function withFallbackModels<T>(
  requested: string,
  dependencies: FallbackDependencies,
  call: CallContext,
  send: (model: string, call: CallContext) => Promise<Answer<T>>,
  mayFallBack: () => boolean = () => true,
): Promise<Answer<T>> {
  const { platform, retry } = dependencies
  const { trace = createTrace() } = call
  const others = fallbacksOf(requested, dependencies)
  let model = requested
  let failure: ApiError | undefined
  for (;;) {
    try {
      const answer = await send(model, { ...call, trace, isLastModel: others.length === 0 })
      return model === requested ? answer : { ...answer, fallback: model }
    } catch (thrown) {
      if (call.signal.aborted || !mayFallBack()) throw thrown
      const error = toApiError(thrown)
      if (failure === undefined && !isUnhealthy(error)) throw thrown
      failure = withLaterFailure(failure, error)
      const next = trace.attempts < retry.maxAttempts ? others.shift() : undefined
      if (next === undefined) throw failure
      platform.log({ level: 'warn', event: 'model_fallback', model, next, error: error.code })
      model = next
    }
  }
}

function fallbacksOf(
  requested: string,
  { fallbacks, aliases }: Pick<FallbackDependencies, 'fallbacks' | 'aliases'>,
): string[] {
  const pattern = longestMatch(requested, fallbacks.keys()) ??
    longestMatch(resolveAlias(requested, aliases), fallbacks.keys())
  return [...fallbacks.get(pattern ?? '') ?? []]
}

/** Returns the requested model's failure, with the number of all calls. */
function withLaterFailure(failure: ApiError | undefined, error: ApiError): ApiError {
  if (failure === undefined) return error
  const { attempts = failure.attempts, region = failure.region } = error
  return failure.with({ exhausted: failure.exhausted || error.exhausted, attempts, region })
}
