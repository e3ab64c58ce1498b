import { ApiError, toApiError } from '../../errors.ts'
import type { Answer } from '../answer.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import {
  type CallContext,
  type CountedCall,
  createTrace,
  type RequestTrace,
  type ReservedUse,
} from '../call.ts'
import { CIRCUIT_OPEN, nextStep, type RetryPolicy } from './retry-policy.ts'
import { createOutcome, type DeferredOutcome } from './outcome.ts'
import type { RetryBudget } from './retry-budget.ts'
import { errorBodyOf } from '../http/error.ts'
import { sleep } from '../async/sleep.ts'
import type { RegionCache, Target } from './region-targets.ts'
import type { AttemptObserver } from '../../telemetry/request-progress.ts'

/** One call of a request. */
export interface Attempt {
  target: Target
  /** `opc-retry-token`: the same for each call of one request to one target. */
  retryToken: string
  /** Counts what the call uses; absent on a gateway without a store. */
  use?: CountedCall | undefined
  /** Whether this is the last call that the policy allows. */
  isLast: boolean
  /**
   * Takes over reporting the outcome, for a stream that continues after the attempt has resolved.
   * Otherwise a resolved attempt counts as a success.
   */
  deferOutcome(): DeferredOutcome
}

/** The policies and the state that all requests share. */
export interface AttemptDependencies {
  targets: RegionCache
  breaker: CircuitBreaker
  budget: RetryBudget
  retry: RetryPolicy
  platform: { now(): number; randomId(): string }
}

export interface AttemptOptions {
  /** OCI's name or OCID of the model; absent for calls without one. */
  model: string | undefined
  signal: AbortSignal
  trace: RequestTrace
  /** Whether no other model is tried when this one fails. */
  isLastModel: boolean
  /** The client's identity: an API key or an address. */
  client?: string | undefined
  /** Receives each call when OCI has answered or failed. */
  observer?: AttemptObserver | undefined
  /** What is reserved for the calls. */
  reserved?: ReservedUse | undefined
  /** Whether the answer is a stream of text. */
  isStreamed?: boolean | undefined
}

/** Creates the options of a call for a model. */
export function attemptOptions(
  model: string | undefined,
  { signal, trace = createTrace(), isLastModel = true, client, observer }: CallContext,
  { reserved, isStreamed }: Pick<AttemptOptions, 'reserved' | 'isStreamed'> = {},
): AttemptOptions {
  return { model, signal, trace, isLastModel, client, observer, reserved, isStreamed }
}

/** The answer of one call. An empty answer may be retried. */
export interface AttemptedAnswer<T> extends Answer<T> {
  isEmpty?: boolean | undefined
}

/**
 * Maximum retries of an empty answer. They do not count towards the retry budget, which limits calls
 * during an outage: OCI is healthy here, and one client's empty answers must not use up the retries
 * of others.
 */
const MAX_EMPTY_RETRIES = 2

/** Makes calls until one succeeds or the retry policy gives up. */
export async function makeAttempts<T>(
  send: (attempt: Attempt) => Promise<AttemptedAnswer<T>>,
  options: AttemptOptions,
  dependencies: AttemptDependencies,
): Promise<Answer<T>> {
  const plan = new AttemptPlan(options, dependencies)
  let empty: Answer<T> | undefined
  dependencies.budget.recordRequest()
  for (let retries = 0;;) {
    try {
      // A client that has disconnected costs no call.
      options.signal.throwIfAborted()
      const { isEmpty, ...answer } = await makeAttempt(send, plan, options, dependencies)
      const { region, attempts } = options.trace
      const complete = { ...answer, region, attempts }
      if (!isEmpty || retries === MAX_EMPTY_RETRIES || options.signal.aborted) return complete
      if (plan.use && !await plan.use.repeat()) return complete
      empty = complete
      retries++
    } catch (thrown) {
      if (options.signal.aborted) throw thrown
      // A failed retry does not turn an empty answer into an error.
      if (empty) return { ...empty, attempts: options.trace.attempts }
      await plan.recover(toApiError(thrown))
      if (plan.use && !await plan.use.repeat()) throw thrown
    }
  }
}

/** Selects the target of each call of a request. */
class AttemptPlan {
  readonly #options: AttemptOptions
  readonly #dependencies: AttemptDependencies
  readonly #primary: Target
  readonly #others: Target[]
  readonly #tokens = new Map<Target, string>()
  readonly #startedAt: number
  #target: Target
  #isUnknownInPrimary = false
  /** Counts the last call. */
  use: CountedCall | undefined

  constructor(options: AttemptOptions, dependencies: AttemptDependencies) {
    const [primary, ...others] = dependencies.targets.of(options.model)
    this.#options = options
    this.#dependencies = dependencies
    this.#primary = this.#target = primary
    this.#others = others
    this.#startedAt = dependencies.platform.now()
  }

  get target(): Target {
    return this.#target
  }

  /** The retry token of the current target. */
  get token(): string {
    const token = this.#tokens.get(this.#target) ?? this.#dependencies.platform.randomId()
    this.#tokens.set(this.#target, token)
    return token
  }

  /** Caches another region for a model that the first one does not know. */
  recordSuccess(): void {
    const { model } = this.#options
    if (this.#target === this.#primary || model === undefined || !this.#isUnknownInPrimary) return
    this.#dependencies.targets.remember(model, this.#target)
  }

  /** Waits or switches to the next region, as the policy decides. Throws when it gives up. */
  async recover(error: ApiError): Promise<void> {
    const { trace, isLastModel, signal, client } = this.#options
    const { retry, budget, platform } = this.#dependencies
    if (error.code === 'model_not_found' && this.#target === this.#primary) {
      this.#isUnknownInPrimary = true
    }
    const decision = nextStep(error, {
      attempts: trace.attempts,
      elapsed: platform.now() - this.#startedAt,
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
  send: (attempt: Attempt) => Promise<AttemptedAnswer<T>>,
  plan: AttemptPlan,
  options: AttemptOptions,
  { breaker, retry, platform }: AttemptDependencies,
): Promise<AttemptedAnswer<T>> {
  const { model, trace, signal, client, reserved, isStreamed = false } = options
  const { target } = plan
  trace.region = target.region
  const acquired = breaker.acquire(`${target.region} ${model ?? ''}`, client)
  if (acquired.type === 'circuit-open') throw circuitOpen(acquired)
  trace.attempts++
  const use = plan.use = reserved?.begin(target.region, isStreamed)
  const outcome = createOutcome(acquired.call, signal)
  let isDeferred = false
  const observe = observeCall(options, target, platform.now)
  try {
    const answer = await send({
      target,
      retryToken: plan.token,
      use,
      isLast: trace.attempts >= retry.maxAttempts,
      deferOutcome() {
        isDeferred = true
        return outcome
      },
    })
    if (!isDeferred) outcome.succeed()
    observe({ status: 200, opcRequestId: answer.opcRequestId })
    plan.recordSuccess()
    return answer
  } catch (error) {
    outcome.fail(error)
    observe({ status: errorBodyOf(error)?.status, error: toApiError(error) })
    if (isUnbilled(error)) use?.refuse()
    throw error
  }
}

/** Starts to measure a call. Returns the function that reports its end to the observer. */
function observeCall(
  { model, observer }: AttemptOptions,
  { region }: Target,
  now: () => number,
): (end: {
  status: number | undefined
  opcRequestId?: string | undefined
  error?: ApiError
}) => void {
  const startedAt = now()
  return ({ status, error, opcRequestId = error?.opcRequestId }) =>
    observer?.attempt({
      ...{ model, region, startedAt, ms: now() - startedAt },
      ...{ status, error: error?.code, opcRequestId },
    })
}

/** Whether OCI has refused a call or has never received it. Otherwise it may have answered. */
function isUnbilled(thrown: unknown): boolean {
  const { reason } = toApiError(thrown)
  return errorBodyOf(thrown) !== undefined || reason === 'connect'
}

/** Creates the error of a call that is not made because the circuit is open. */
function circuitOpen(
  { milliseconds, rateLimited }: { milliseconds: number; rateLimited: boolean },
): ApiError {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000))
  const details = { retryAfter: seconds, reason: CIRCUIT_OPEN }
  return rateLimited
    ? new ApiError(
      'rate_limit_exceeded',
      `Rate limit exceeded. Retry in ${seconds} seconds`,
      details,
    )
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
