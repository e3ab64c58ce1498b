import type {
  HistogramSample,
  MetricDefinition,
  MetricFamily,
  NumberSample,
} from '../metrics/metric.ts'
import { cleanText, encodeAttributes, type Resource, toNanoseconds } from './attributes.ts'

/** `AGGREGATION_TEMPORALITY_CUMULATIVE` of OTLP. */
const CUMULATIVE = 2

/** When counting started, and when the metrics were read; in milliseconds since the epoch. */
export interface MetricTimes {
  startedAt: number
  now: number
}

/** Encodes metrics as the JSON of OTLP's `ExportMetricsServiceRequest`. */
export function encodeMetrics(
  families: readonly MetricFamily[],
  times: MetricTimes,
  { resource, scope }: { resource: Resource; scope: { name: string; version: string } },
): string {
  const metrics = families.filter(({ samples }) => samples.length > 0)
    .map((family) => encodeFamily(family, times))
  return JSON.stringify({
    resourceMetrics: [{
      resource: { attributes: encodeAttributes(resource) },
      scopeMetrics: [{ scope, metrics }],
    }],
  })
}

function encodeFamily({ definition, samples }: MetricFamily, times: MetricTimes) {
  const { name, description, unit, type } = definition
  const dataPoints = samples.map((sample) =>
    sample.type === 'number'
      ? encodeNumber(sample, definition, times)
      : encodeHistogram(sample, definition, times)
  )
  const head = { name, description, unit }
  switch (type) {
    case 'counter':
      return {
        ...head,
        sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true },
      }
    case 'gauge':
      return { ...head, gauge: { dataPoints } }
    case 'histogram':
      return { ...head, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } }
  }
}

function encodeNumber(
  { labels, value }: NumberSample,
  definition: MetricDefinition,
  times: MetricTimes,
) {
  return { ...pointOf(labels, definition, times), asDouble: value }
}

function encodeHistogram(
  { labels, bounds, counts, sum }: HistogramSample,
  definition: MetricDefinition,
  times: MetricTimes,
) {
  return {
    ...pointOf(labels, definition, times),
    count: String(counts.reduce((total, count) => total + count, 0)),
    sum,
    bucketCounts: counts.map(String),
    explicitBounds: bounds,
  }
}

function pointOf(
  labels: readonly string[],
  definition: MetricDefinition,
  { startedAt, now }: MetricTimes,
) {
  // OTLP treats an empty attribute as present, unlike Prometheus.
  const attributes = definition.labels.flatMap((name, index) => {
    const value = labels[index] ?? ''
    return value === '' ? [] : [[name, cleanText(value)]]
  })
  return {
    attributes: encodeAttributes(Object.fromEntries(attributes)),
    startTimeUnixNano: toNanoseconds(startedAt),
    timeUnixNano: toNanoseconds(now),
  }
}
