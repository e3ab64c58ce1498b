import type { AttemptRecord, RequestRecord } from '../request-record.ts'
import { REQUEST_METRICS } from './definitions.ts'
import { createInferenceMetrics, DURATION_BOUNDS } from './inference-metrics.ts'
import { LabelValues } from './label-values.ts'
import type { MetricFamily } from './metric.ts'
import { Counter, Histogram } from './series.ts'

/** Metrics of requests that have ended. */
export interface RequestMetrics {
  record(record: RequestRecord): void
  collect(): MetricFamily[]
}

export interface RequestMetricsOptions {
  /** The client APIs. */
  apis: Iterable<string>
  /** Models that always have series of their own, such as configured ones. */
  models: Iterable<string>
  /** The configured regions. */
  regions: Iterable<string>
}

/** The value of `key` for requests without a key. */
export const NO_KEY = 'none'

/** Models besides the configured ones, and keys, that have series of their own. */
export const MAX_MODELS = 100
export const MAX_KEYS = 100
const [MAX_REGIONS, MAX_STATUSES, MAX_CODES, MAX_REASONS] = [50, 64, 64, 64]

const NANO = 1e9
const KINDS = ['prompt', 'completion', 'cached', 'reasoning'] as const

/** Creates the metrics of requests, all zero. */
export function createRequestMetrics(options: RequestMetricsOptions): RequestMetrics {
  const models = new LabelValues(options.models, MAX_MODELS)
  // The first one admits models that have answered.
  const metrics = [new RequestCounters(models, options), createInferenceMetrics(models)]
  return {
    record(record) {
      for (const metric of metrics) metric.record(record)
    },
    collect: () => metrics.flatMap((metric) => metric.collect()),
  }
}

class RequestCounters implements RequestMetrics {
  readonly #models: LabelValues
  readonly #regions: LabelValues
  readonly #apis: LabelValues
  readonly #statuses = new LabelValues([], MAX_STATUSES)
  readonly #codes = new LabelValues([], MAX_CODES)
  readonly #reasons = new LabelValues([], MAX_REASONS)
  readonly #keys = new LabelValues([NO_KEY], MAX_KEYS)
  readonly #kinds = new LabelValues(KINDS)
  readonly #outcomes = new LabelValues(OUTCOMES)
  readonly #metrics

  constructor(models: LabelValues, { apis, regions }: RequestMetricsOptions) {
    this.#models = models
    this.#apis = new LabelValues(apis)
    this.#regions = new LabelValues(regions, MAX_REGIONS)
    this.#metrics = this.#createMetrics()
  }

  record(record: RequestRecord): void {
    const api = this.#apis.find(record.api)
    const model = this.#modelOf(record)
    const key = record.sender.key === undefined
      ? this.#keys.find(NO_KEY)
      : this.#keys.admit(record.sender.key)
    this.#countRequest(record, api, model)
    this.#metrics.keyRequests.add(1, key)
    this.#countUse(record, model, key)
    for (const attempt of record.attempts) this.#countAttempt(attempt, record)
  }

  collect(): MetricFamily[] {
    return Object.values(this.#metrics).map((metric) => metric.collect())
  }

  #countRequest(record: RequestRecord, api: number, model: number): void {
    const { requests, errors, rejections, duration, timeToFirstToken } = this.#metrics
    const { ms, status, error, reason, firstTokenMs } = record
    requests.add(1, api, model, this.#statuses.admit(String(status)))
    if (error !== undefined) errors.add(1, api, this.#codes.admit(error))
    if (isRejection(record)) rejections.add(1, this.#reasons.admit(reason ?? error ?? ''))
    if (record.api === undefined) return
    duration.observe(ms / 1000, api, model)
    if (firstTokenMs !== undefined) timeToFirstToken.observe(firstTokenMs / 1000, api, model)
  }

  #countUse({ tokens, cost }: RequestRecord, model: number, key: number): void {
    if (tokens) {
      for (const kind of KINDS) {
        const count = tokens[kind] ?? 0
        if (count === 0) continue
        const index = this.#kinds.find(kind)
        this.#metrics.tokens.add(count, model, index)
        this.#metrics.keyTokens.add(count, key, index)
      }
    }
    if (cost === undefined) return
    this.#metrics.cost.add(cost, model)
    this.#metrics.keyCost.add(cost, key)
  }

  #countAttempt(attempt: AttemptRecord, record: RequestRecord): void {
    const outcome = outcomeOf(attempt, record)
    const region = this.#regions.admit(attempt.region)
    const model = this.#modelOfAttempt(attempt)
    this.#metrics.attempts.add(1, region, model, this.#outcomes.find(outcome))
    this.#metrics.attemptDuration.observe(attempt.ms / 1000, region)
  }

  /** The model that answered, or was called last. A name that OCI does not know has no own series. */
  #modelOf({ attempts, model }: RequestRecord): number {
    const last = attempts.findLast(({ error }) => error === undefined) ?? attempts.at(-1)
    return last ? this.#modelOfAttempt(last) : this.#models.find(model)
  }

  #modelOfAttempt({ model, error }: AttemptRecord): number {
    return model !== undefined && error === undefined
      ? this.#models.admit(model)
      : this.#models.find(model)
  }

  #createMetrics() {
    const [apis, models, keys] = [this.#apis, this.#models, this.#keys]
    const [kinds, regions] = [this.#kinds, this.#regions]
    const byModel = [apis, models]
    const { requests, errors, rejections, duration, timeToFirstToken, ...use } = REQUEST_METRICS
    return {
      requests: new Counter(requests, [apis, models, this.#statuses]),
      errors: new Counter(errors, [apis, this.#codes]),
      rejections: new Counter(rejections, [this.#reasons]),
      duration: new Histogram(duration, byModel, DURATION_BOUNDS),
      timeToFirstToken: new Histogram(timeToFirstToken, byModel, DURATION_BOUNDS),
      tokens: new Counter(use.tokens, [models, kinds]),
      cost: new Counter(use.cost, [models], NANO),
      keyRequests: new Counter(use.keyRequests, [keys]),
      keyTokens: new Counter(use.keyTokens, [keys, kinds]),
      keyCost: new Counter(use.keyCost, [keys], NANO),
      attempts: new Counter(use.attempts, [regions, models, this.#outcomes]),
      attemptDuration: new Histogram(use.attemptDuration, [regions], DURATION_BOUNDS),
    }
  }
}

/** How a call to OCI ended. */
export type AttemptOutcome = 'succeeded' | 'refused' | 'rate_limited' | 'failed' | 'abandoned'

const OUTCOMES: readonly AttemptOutcome[] = [
  ...['succeeded', 'refused', 'rate_limited', 'failed', 'abandoned'] as const,
]

/** How a call ended. A stream that fails after its start belongs to the last call of its request. */
export function outcomeOf(
  attempt: AttemptRecord,
  { attempts, error: ending, outcome }: RequestRecord,
): AttemptOutcome {
  const { error, status } = attempt
  if (error === undefined) {
    const isBroken = ending?.startsWith('upstream_') && attempt === attempts.at(-1)
    return isBroken ? 'failed' : 'succeeded'
  }
  if (error === 'client_closed') return 'abandoned'
  if (status === 429) return 'rate_limited'
  if (status !== undefined && status >= 400 && status < 500) return 'refused'
  return status === undefined && outcome === 'client_closed' ? 'abandoned' : 'failed'
}

const REJECTIONS = new Set(['overloaded', 'rate_limit_exceeded', 'insufficient_quota'])

/** Whether the gateway has rejected a request because of a limit, without a call to OCI. */
function isRejection({ error = '', attempts }: RequestRecord): boolean {
  return attempts.length === 0 && REJECTIONS.has(error)
}
