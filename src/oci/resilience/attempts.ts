import { ApiError, toApiError } from '../../errors.ts'
import type { Answer } from '../answer.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import { type CallContext, createTrace, type RequestTrace } from '../call.ts'
import { CIRCUIT_OPEN, nextStep, type RetryPolicy } from './retry-policy.ts'
import { createOutcome, type DeferredOutcome } from './outcome.ts'
import type { RetryBudget } from './retry-budget.ts'
import { sleep } from '../async/sleep.ts'
import type { RegionCache, Target } from './region-targets.ts'

/** One call of a request. */
export interface Attempt {
  target: Target
  /** `opc-retry-token`: the same for each call of one request to one target. */
  retryToken: string
  /** Nothing follows this call, whatever comes of it. */
  isLast: boolean
  /**
   * Takes over the report of the outcome, for an answer that goes on after the attempt has resolved,
   * as a stream does. Otherwise a resolved attempt is a success.
   */
  deferOutcome(): DeferredOutcome
}

/** The rules, and what all requests share. */
export interface AttemptDependencies {
  targets: RegionCache
  breaker: CircuitBreaker
  budget: RetryBudget
  retry: RetryPolicy
  platform: { now(): number; randomId(): string }
}

export interface AttemptOptions {
  /** As OCI knows it; absent where no model is asked. */
  model: string | undefined
  signal: AbortSignal
  trace: RequestTrace
  /** Whether no other model is asked when this one fails. */
  isLastModel: boolean
  /** Who asks: a key's or an address's identity, where it is known. */
  client?: string | undefined
}

/** The job of a call for a model. */
export function attemptOptions(
  model: string | undefined,
  { signal, trace = createTrace(), isLastModel = true, client }: CallContext,
): AttemptOptions {
  return { model, signal, trace, isLastModel, client }
}

/** An answer of one call; an empty one may be repeated before it is passed on. */
export interface AttemptedAnswer<T> extends Answer<T> {
  isEmpty?: boolean | undefined
}

/**
 * How often an empty answer is repeated. These calls take nothing from the retry budget, which
 * limits what an outage costs: OCI answers, so each request pays for its own repetitions alone and
 * one client's empty answers leave the retries of others untouched.
 */
const MAX_EMPTY_REPEATS = 2

/** Makes calls until one succeeds, or the policy says to tell the client. */
export async function makeAttempts<T>(
  attempt: (leg: Attempt) => Promise<AttemptedAnswer<T>>,
  job: AttemptOptions,
  means: AttemptDependencies,
): Promise<Answer<T>> {
  const plan = new AttemptPlan(job, means)
  let empty: Answer<T> | undefined
  means.budget.recordRequest()
  for (let repeats = 0;;) {
    try {
      // A client that has disconnected costs no call.
      job.signal.throwIfAborted()
      const { isEmpty, ...answer } = await makeAttempt(attempt, plan, job, means)
      const { region, attempts } = job.trace
      const told = { ...answer, region, attempts }
      if (!isEmpty || repeats === MAX_EMPTY_REPEATS || job.signal.aborted) return told
      empty = told
      repeats++
    } catch (thrown) {
      if (job.signal.aborted) throw thrown
      // An empty answer is an answer: a failed repetition does not turn it into an error.
      if (empty) return { ...empty, attempts: job.trace.attempts }
      await plan.recover(toApiError(thrown))
    }
  }
}

/** Where the next call of a request goes. */
class AttemptPlan {
  readonly #job: AttemptOptions
  readonly #means: AttemptDependencies
  readonly #home: Target
  readonly #others: Target[]
  readonly #tokens = new Map<Target, string>()
  readonly #began: number
  #target: Target
  #isUnknownAtHome = false

  constructor(job: AttemptOptions, means: AttemptDependencies) {
    const [home, ...others] = means.targets.of(job.model)
    this.#job = job
    this.#means = means
    this.#home = this.#target = home
    this.#others = others
    this.#began = means.platform.now()
  }

  get target(): Target {
    return this.#target
  }

  /** The retry token of the current target. */
  get token(): string {
    const token = this.#tokens.get(this.#target) ?? this.#means.platform.randomId()
    this.#tokens.set(this.#target, token)
    return token
  }

  /** Remembers a region only where the first one does not know the model, and this one answered. */
  noteSuccess(): void {
    const { model } = this.#job
    if (this.#target === this.#home || model === undefined || !this.#isUnknownAtHome) return
    this.#means.targets.remember(model, this.#target)
  }

  /** Waits or moves on to the next region, as the policy says; throws what the client is told. */
  async recover(error: ApiError): Promise<void> {
    const { trace, isLastModel, signal, client } = this.#job
    const { retry, budget, platform } = this.#means
    if (error.code === 'model_not_found' && this.#target === this.#home) {
      this.#isUnknownAtHome = true
    }
    const decision = nextStep(error, {
      attempts: trace.attempts,
      elapsed: platform.now() - this.#began,
      hasAlternative: this.#others.length > 0 || !isLastModel,
      random: Math.random(),
    }, retry)
    const isFree = error.code === 'model_not_found' || error.reason === CIRCUIT_OPEN
    if (decision.type === 'give-up') throw withAttemptInfo(error, decision.exhausted, trace)
    if (!isFree && !budget.tryTake(client)) throw withAttemptInfo(error, true, trace)
    if (decision.type === 'retry') return await sleep(decision.delay, signal)
    const next = this.#others.shift()
    if (next === undefined) throw withAttemptInfo(error, false, trace)
    this.#target = next
  }
}

async function makeAttempt<T>(
  attempt: (leg: Attempt) => Promise<AttemptedAnswer<T>>,
  plan: AttemptPlan,
  { model, trace, signal, client }: AttemptOptions,
  { breaker, retry }: AttemptDependencies,
): Promise<AttemptedAnswer<T>> {
  const { target } = plan
  trace.region = target.region
  const admission = breaker.acquire(`${target.region} ${model ?? ''}`, client)
  if (admission.type === 'circuit-open') throw circuitOpen(admission)
  trace.attempts++
  const outcome = createOutcome(admission.call, signal)
  let isDeferred = false
  try {
    const answer = await attempt({
      target,
      retryToken: plan.token,
      isLast: trace.attempts >= retry.maxAttempts,
      deferOutcome() {
        isDeferred = true
        return outcome
      },
    })
    if (!isDeferred) outcome.succeed()
    plan.noteSuccess()
    return answer
  } catch (error) {
    outcome.fail(error)
    throw error
  }
}

/** Answered at once, without a call: the client may turn to another model meanwhile. */
function circuitOpen(
  { milliseconds, rateLimited }: { milliseconds: number; rateLimited: boolean },
): ApiError {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
  const details = { retryAfter: seconds, reason: CIRCUIT_OPEN }
  return rateLimited
    ? new ApiError('rate_limit_exceeded', `Rate limit exceeded: OCI asked to wait`, details)
    : new ApiError(
      'upstream_unavailable',
      `OCI is failing for this model (circuit open). Retry in ${seconds} seconds`,
      details,
    )
}

function withAttemptInfo(
  error: ApiError,
  exhausted: boolean,
  { attempts, region }: RequestTrace,
): ApiError {
  return error.with({ exhausted, attempts, region })
}
