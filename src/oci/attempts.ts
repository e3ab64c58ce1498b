import { ApiError, toApiError } from '../errors.ts'
import type { Answer } from './answer.ts'
import type { Breaker } from './breaker.ts'
import type { CallContext } from './context.ts'
import { errorBodyOf } from './error.ts'
import { decide, isUnhealthy, RESTING, type RetryPolicy } from './fallback.ts'
import type { RetryBudget } from './retry-budget.ts'
import { sleep } from './sleep.ts'
import type { Target, TargetBook } from './targets.ts'

/** One call of a request. */
export interface Leg {
  target: Target
  /** `opc-retry-token`: the same for each call of one request to one target. */
  retryToken: string
  /** Nothing follows this call, whatever comes of it. */
  isLast: boolean
  /** Tells that an answer which had begun well broke off. */
  noteBroken(error: unknown): void
}

/** What a request went through so far; it grows with each call. */
export interface Journey {
  /** Calls made, whatever they were made to. */
  attempts: number
  /** The region that answered, or was asked last. */
  region: string
}

/** The beginning of one. */
export function createJourney(): Journey {
  return { attempts: 0, region: '' }
}

/** The rules, and what all requests share. */
export interface AttemptMeans {
  targets: TargetBook
  breaker: Breaker
  budget: RetryBudget
  retry: RetryPolicy
  platform: { now(): number; randomId(): string }
}

export interface AttemptJob {
  /** As OCI knows it; absent where no model is asked. */
  model: string | undefined
  signal: AbortSignal
  journey: Journey
  /** Whether no other model is asked when this one fails. */
  isLastModel: boolean
}

/** The job of a call for a model. */
export function jobOf(
  model: string | undefined,
  { signal, journey = createJourney(), isLastModel = true }: CallContext,
): AttemptJob {
  return { model, signal, journey, isLastModel }
}

/** Makes calls until one succeeds, or the policy says to tell the client. */
export async function makeAttempts<T>(
  attempt: (leg: Leg) => Promise<Answer<T>>,
  { model, signal, journey, isLastModel }: AttemptJob,
  means: AttemptMeans,
): Promise<Answer<T>> {
  const { retry, budget, targets, platform } = means
  const [home, ...others] = targets.of(model)
  const tokens = new Map<Target, string>()
  const began = platform.now()
  let target = home
  budget.note()
  for (;;) {
    const token = tokens.get(target) ?? platform.randomId()
    tokens.set(target, token)
    try {
      const answer = await makeAttempt(attempt, { target, token, model, journey }, means)
      if (target !== home && model !== undefined) targets.remember(model, target)
      return { ...answer, region: target.region, attempts: journey.attempts }
    } catch (thrown) {
      if (signal.aborted) throw thrown
      const error = toApiError(thrown)
      const decision = decide(error, {
        attempts: journey.attempts,
        elapsed: platform.now() - began,
        others: others.length > 0 || !isLastModel,
        random: Math.random(),
      }, retry)
      const isFree = error.code === 'model_not_found' || error.reason === RESTING
      if (decision.type === 'give-up') throw told(error, decision.spent, journey)
      if (!isFree && !budget.take()) throw told(error, true, journey)
      if (decision.type === 'again') {
        await sleep(decision.delay, signal)
        continue
      }
      const next = others.shift()
      if (next === undefined) throw told(error, false, journey)
      target = next
    }
  }
}

interface Going {
  target: Target
  token: string
  model: string | undefined
  journey: Journey
}

async function makeAttempt<T>(
  attempt: (leg: Leg) => Promise<Answer<T>>,
  { target, token, model, journey }: Going,
  { breaker, retry }: AttemptMeans,
): Promise<Answer<T>> {
  const circuit = `${target.region} ${model ?? ''}`
  journey.region = target.region
  const admission = breaker.admit(circuit)
  if (admission.type === 'open-for') throw resting(admission)
  journey.attempts++
  const noteFailure = (thrown: unknown) => {
    const error = toApiError(thrown)
    if (!isUnhealthy(error)) {
      return breaker.note(circuit, { type: errorBodyOf(error) ? 'refused' : 'given-up' })
    }
    const { retryAfter } = error
    const wait = retryAfter === undefined ? undefined : retryAfter * 1000
    breaker.note(circuit, { type: 'failed', retryAfter: wait })
  }
  try {
    const answer = await attempt({
      target,
      retryToken: token,
      isLast: journey.attempts >= retry.attempts,
      noteBroken: noteFailure,
    })
    breaker.note(circuit, { type: 'succeeded' })
    return answer
  } catch (error) {
    noteFailure(error)
    throw error
  }
}

/** Said at once, without a call: the client may turn to another model meanwhile. */
function resting({ milliseconds, busy }: { milliseconds: number; busy: boolean }): ApiError {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
  const details = { retryAfter: seconds, reason: RESTING }
  return busy
    ? new ApiError('rate_limit_exceeded', `Rate limit exceeded: OCI asked to wait`, details)
    : new ApiError(
      'upstream_unavailable',
      `Cannot ask OCI now: it failed again and again, the next try is in ${seconds} seconds`,
      details,
    )
}

function told(error: ApiError, spent: boolean, { attempts, region }: Journey): ApiError {
  return error.with({ spent, attempts, region })
}
