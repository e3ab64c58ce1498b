import { type MetricFamily, prometheusName } from '../metrics/metric.ts'
import type { Delivery } from './batch-exporter.ts'

/**
 * Posts JSON to a service of OCI, signed. Resolves with the response's JSON. Rejects for any status
 * that is not a success.
 */
export type SignedPost = (url: URL, json: unknown) => Promise<unknown>

export interface MonitoringOptions {
  /** Base URL of the ingestion service. */
  endpoint: string
  /** The compartment that has the metrics. */
  compartmentId: string
  namespace: string
  /** The dimension `service` of each metric; OCI requires one dimension. */
  service: string
  post: SignedPost
  now(): number
}

/** A metric in the form of OCI's `MetricDataDetails`. */
interface MetricData {
  namespace: string
  compartmentId: string
  name: string
  dimensions: Record<string, string>
  metadata: Record<string, string>
  datapoints: { timestamp: string; value: number; count: number }[]
}

/**
 * Metric streams of one call. Source: `PostMetricData` of OCI's API reference and of its command line
 * (docs.oracle.com, read 2026-11-29): at most 50 streams a call, 20 dimensions, at least one.
 */
const MAX_STREAMS = 50

/** What is worth an alarm. Metrics by key stay out: each stream is billed. */
const EXPORTED = new Set([
  ...['gateway.requests', 'gateway.request.errors', 'gateway.request.rejections'],
  ...['gateway.request.duration', 'gateway.time_to_first_token', 'gateway.tokens', 'gateway.cost'],
  ...['gateway.upstream.attempts', 'gateway.circuits', 'gateway.concurrent_requests'],
  ...['gateway.queued_requests', 'gateway.store.up', 'gateway.event_loop_delay'],
])

/** Labels that would make a stream for each model or status. */
const DROPPED_LABELS = new Set(['model', 'status'])

/**
 * Creates the function that writes metrics to OCI Monitoring. Counters and distributions are written
 * as what was added since the last call that OCI took: Monitoring sums the points of an interval.
 */
export function createMonitoringSender(
  options: MonitoringOptions,
): (families: readonly MetricFamily[]) => Promise<{ delivery: Delivery; items: number }> {
  const { endpoint, post } = options
  const url = new URL('/20180401/metrics', endpoint)
  const sent = new Map<string, Point>()
  return async function sendMetrics(families) {
    const points = pointsOf(families.filter(({ definition }) => EXPORTED.has(definition.name)))
    const changes = changesOf(points, sent, options)
    let delivery: Delivery = 'delivered'
    for (let start = 0; start < changes.length; start += MAX_STREAMS) {
      const batch = changes.slice(start, start + MAX_STREAMS)
      const metricData = batch.map(({ data }) => data)
      const answer = await post(url, { metricData }).catch(() => FAILED)
      // What was not taken is added to the next call.
      if (failedCount(answer) > 0) delivery = 'retry'
      else for (const { key, point } of batch) sent.set(key, point)
    }
    return { delivery, items: changes.length }
  }
}

const FAILED = { failedMetricsCount: 1 }

function failedCount(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null || !('failedMetricsCount' in answer)) return 0
  return Number(answer.failedMetricsCount) || 0
}

/** The current value of a stream. `count` is the number of observations of a distribution. */
interface Point {
  name: string
  dimensions: Record<string, string>
  unit: string
  isTotal: boolean
  value: number
  count: number
}

/** Adds up samples that differ only in dropped labels. */
function pointsOf(families: readonly MetricFamily[]): Map<string, Point> {
  const points = new Map<string, Point>()
  for (const { definition, samples } of families) {
    const name = prometheusName(definition).replace(/_total$/, '')
    for (const sample of samples) {
      const dimensions = dimensionsOf(definition.labels, sample.labels)
      const key = `${name} ${JSON.stringify(dimensions)}`
      const before = points.get(key)
      const isNumber = sample.type === 'number'
      const value = isNumber ? sample.value : sample.sum
      const count = isNumber ? 1 : sample.counts.reduce((total, own) => total + own, 0)
      points.set(key, {
        ...{ name, dimensions, unit: definition.unit, isTotal: definition.type !== 'gauge' },
        value: (before?.value ?? 0) + value,
        count: isNumber ? 1 : (before?.count ?? 0) + count,
      })
    }
  }
  return points
}

function dimensionsOf(
  names: readonly string[],
  values: readonly string[],
): Record<string, string> {
  const pairs = names.map((name, index) => [name, values[index] ?? ''] as const)
  return Object.fromEntries(
    // OCI accepts no empty value.
    pairs.filter(([name, value]) => !DROPPED_LABELS.has(name) && value !== ''),
  )
}

/** A stream with what has changed, and its value for the next change. */
interface Change {
  key: string
  point: Point
  data: MetricData
}

function changesOf(
  points: ReadonlyMap<string, Point>,
  sent: ReadonlyMap<string, Point>,
  { namespace, compartmentId, service, now }: MonitoringOptions,
): Change[] {
  const timestamp = new Date(now()).toISOString()
  return Array.from(points).flatMap(([key, point]): Change[] => {
    const { name, unit, dimensions } = point
    const change = point.isTotal
      ? addedSince(sent.get(key), point)
      : { value: point.value, count: 1 }
    if (change === undefined) return []
    const data = {
      ...{ namespace, compartmentId, name, metadata: { unit } },
      dimensions: { service, ...dimensions },
      datapoints: [{ timestamp, ...change }],
    }
    return [{ key, point, data }]
  })
}

/** For a distribution, the mean and the number of the new observations. */
function addedSince(
  before: Point | undefined,
  { value, count, unit }: Point,
): { value: number; count: number } | undefined {
  const added = value - (before?.value ?? 0)
  if (unit !== 's') return { value: added, count: 1 }
  const observations = count - (before?.count ?? 0)
  return observations > 0 ? { value: added / observations, count: observations } : undefined
}
