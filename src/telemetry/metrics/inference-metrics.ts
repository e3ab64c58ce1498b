import type { RequestRecord } from '../request-record.ts'
import { GEN_AI_METRICS } from './definitions.ts'
import { LabelValues } from './label-values.ts'
import type { MetricFamily } from './metric.ts'
import { Counter, Histogram } from './series.ts'

/** The `gen_ai.provider.name` of metrics and spans. The conventions have no name for OCI. */
export const PROVIDER = 'oci.generative_ai'

/** The `gen_ai.operation.name` by the client API. */
export const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['chat', 'chat'],
  ['responses', 'chat'],
  ['messages', 'chat'],
  ['completions', 'text_completion'],
])

/** In seconds, as the conventions recommend for the duration of an inference. */
export const DURATION_BOUNDS: readonly number[] = [
  ...[0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
]

const MAX_ERROR_TYPES = 64

/** Metrics of inferences that have ended. */
export interface InferenceMetrics {
  record(record: RequestRecord): void
  collect(): MetricFamily[]
}

/** Creates the metrics of OpenTelemetry's conventions for generative AI, all zero. */
export function createInferenceMetrics(models: LabelValues): InferenceMetrics {
  const operations = new LabelValues(OPERATIONS.values())
  const providers = new LabelValues([PROVIDER])
  const modalities = new LabelValues(['unknown'])
  const errors = new LabelValues([''], MAX_ERROR_TYPES)
  const labels = [operations, providers, models]
  const byModality = [...labels, modalities]
  const { duration, timeToFirstChunk, ...counters } = GEN_AI_METRICS
  const metrics = {
    duration: new Histogram(duration, [...labels, errors], DURATION_BOUNDS),
    timeToFirstChunk: new Histogram(timeToFirstChunk, labels, DURATION_BOUNDS),
    inputTokens: new Counter(counters.inputTokens, byModality),
    outputTokens: new Counter(counters.outputTokens, byModality),
    cachedTokens: new Counter(counters.cachedTokens, byModality),
    reasoningTokens: new Counter(counters.reasoningTokens, byModality),
  }
  const provider = providers.find(PROVIDER)
  const modality = modalities.find('unknown')
  return {
    record({ api = '', model, attempts, ms, firstTokenMs, error, tokens }: RequestRecord): void {
      const operation = operations.find(OPERATIONS.get(api))
      // Without a call there was no inference.
      if (operation === 0 || attempts.length === 0) return
      const series = models.find(model)
      const errorType = error === undefined ? errors.find('') : errors.admit(error)
      metrics.duration.observe(ms / 1000, operation, provider, series, errorType)
      if (firstTokenMs !== undefined) {
        metrics.timeToFirstChunk.observe(firstTokenMs / 1000, operation, provider, series)
      }
      const { prompt = 0, completion = 0, cached = 0, reasoning = 0 } = tokens ?? {}
      metrics.inputTokens.add(prompt, operation, provider, series, modality)
      metrics.outputTokens.add(completion, operation, provider, series, modality)
      if (cached > 0) metrics.cachedTokens.add(cached, operation, provider, series, modality)
      if (reasoning > 0) {
        metrics.reasoningTokens.add(reasoning, operation, provider, series, modality)
      }
    },
    collect: (): MetricFamily[] => Object.values(metrics).map((metric) => metric.collect()),
  }
}
