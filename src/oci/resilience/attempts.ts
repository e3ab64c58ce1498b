import type { AbortState } from '../../abort.ts'
import { ApiError, toApiError } from '../../errors.ts'
import type { Answer } from '../answer.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import { enterCircuit } from './enter-circuit.ts'
import {
  type CallContext,
  type CountedCall,
  createTrace,
  type RequestTrace,
  type ReservedUse,
} from '../call.ts'
import { isNotSent, isRateLimit, nextStep, type RetryPolicy } from './retry-policy.ts'
import { observeCall } from './observe-call.ts'
import { createOutcome, type DeferredOutcome } from './outcome.ts'
import { type Place, RATE_LIMITED } from './place.ts'
import type { RateLimitQueue } from './rate-limit-queue.ts'
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
  /** Headers that continue the client's trace. */
  headers?: Readonly<Record<string, string>> | undefined
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
  /** Absent where the queue is disabled: a 429 then counts as a failure. */
  rateLimits?: RateLimitQueue | undefined
  retry: RetryPolicy
  platform: { now(): number; randomId(): string }
}

export interface AttemptOptions {
  /** OCI's name or OCID of the model; absent for calls without one. */
  model: string | undefined
  signal: AbortState
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
  /** What circuit and queue of a call without a model are named after. */
  service?: string | undefined
  /** `refused`: only calls that OCI has refused are repeated, not those whose outcome is unknown. */
  repeats?: 'always' | 'refused' | 'never' | undefined
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
      const complete = { ...answer, region: answer.region ?? region, attempts }
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
  /** The first target that was not waited for because there were others. */
  #limited: Target | undefined
  #waited = 0
  #isRateLimitRetry = false
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

  /** Takes a place for a call of the current target. Only the last target of all is waited for. */
  takePlace(): Place | undefined | Promise<Place> {
    const { service = '', model = service, client = '', signal, isLastModel } = this.#options
    const place = this.#dependencies.rateLimits?.acquire({
      region: this.#target.region,
      model,
      client,
      signal,
      mayWait: this.#others.length === 0 && isLastModel,
      waited: this.#waited,
      isRetry: this.#isRateLimitRetry,
    })
    this.#isRateLimitRetry = false
    if (!(place instanceof Promise)) return place
    return place.then((taken) => {
      this.#waited = taken.waited
      return taken
    })
  }

  /** Caches another region for a model that the first one does not know. */
  recordSuccess(): void {
    const { model } = this.#options
    if (this.#target === this.#primary || model === undefined || !this.#isUnknownInPrimary) return
    this.#dependencies.targets.remember(model, this.#target)
  }

  /** Waits or switches to the next region, as the policy decides. Throws when it gives up. */
  async recover(error: ApiError): Promise<void> {
    const { trace, isLastModel, signal, client, repeats = 'always' } = this.#options
    const { retry, budget, platform } = this.#dependencies
    if (error.code === 'model_not_found' && this.#target === this.#primary) {
      this.#isUnknownInPrimary = true
    }
    const isRefused = repeats === 'refused' && (isRateLimit(error) || isNotSent(error))
    if (repeats !== 'always' && !isRefused) throw withAttemptInfo(error, false, trace)
    const isQueued = this.#dependencies.rateLimits !== undefined && isRateLimit(error)
    if (isQueued || error.reason === RATE_LIMITED) this.#limited ??= this.#target
    // The other regions do not serve the model, so that it must be waited for.
    const isServed = error.code === 'model_not_found' && this.#limited !== undefined
    const decision = nextStep(error, {
      attempts: trace.attempts,
      elapsed: platform.now() - this.#startedAt,
      hasAlternative: this.#others.length > 0 || !isLastModel || isServed,
      random: Math.random(),
    }, retry)
    const isFree = error.code === 'model_not_found' || isNotSent(error) || isQueued
    if (decision.type === 'give-up') throw withAttemptInfo(error, decision.exhausted, trace)
    if (!isFree && !budget.tryTake(client)) throw withAttemptInfo(error, true, trace)
    if (decision.type === 'retry') {
      this.#isRateLimitRetry = isQueued
      return isQueued ? undefined : await sleep(decision.delay, signal)
    }
    const next = this.#others.shift() ?? (isServed ? this.#limited : undefined)
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
  const { trace, signal, reserved, isStreamed = false } = options
  const { target } = plan
  trace.region = target.region
  const taken = plan.takePlace()
  const place = taken instanceof Promise ? await taken : taken
  const outcome = createOutcome(enterCircuit(target, place, options, breaker), signal, place)
  trace.attempts++
  const use = plan.use = reserved?.begin(target.region, isStreamed)
  const giveBack = () => place?.release({ type: 'failed' })
  let isDeferred = false
  const observed = observeCall(options, target.region, platform.now)
  try {
    const answer = await send({
      ...{ target, use, retryToken: plan.token, headers: observed.headers },
      isLast: trace.attempts >= retry.maxAttempts,
      deferOutcome() {
        isDeferred = true
        // A stream that is never read does not end otherwise.
        if (place) signal.addEventListener('abort', giveBack, { once: true })
        return outcome
      },
    })
    if (!isDeferred) outcome.succeed()
    observed.end({ status: 200, opcRequestId: answer.opcRequestId })
    plan.recordSuccess()
    return answer
  } catch (thrown) {
    const error = explainRegion(thrown, target)
    outcome.fail(error)
    observed.end({ status: errorBodyOf(error)?.status, error: toApiError(error) })
    if (isUnbilled(error)) use?.refuse()
    throw error
  }
}

/** A region without a subscription does not know the credential, which is right in other regions. */
function explainRegion(thrown: unknown, { region, isNamedByOcid }: Target): unknown {
  const error = toApiError(thrown)
  if (!isNamedByOcid || error.code !== 'upstream_auth_error') return thrown
  const message = `The OCID names the region ${region}, in which OCI does not accept the ` +
    'credential: the tenancy may have no subscription to it'
  return new ApiError('model_not_found', message, { ...error, cause: error.cause, param: 'model' })
}

/** Whether OCI has refused a call or has never received it. Otherwise it may have answered. */
function isUnbilled(thrown: unknown): boolean {
  const { reason } = toApiError(thrown)
  return errorBodyOf(thrown) !== undefined || reason === 'connect'
}

function withAttemptInfo(
  error: ApiError,
  exhausted: boolean,
  { attempts, region }: RequestTrace,
): ApiError {
  return error.with({ exhausted, attempts, region })
}
