import type { Platform } from '../platform.ts'
import { type BatchExporter, createBatchExporter, type Delivery } from './export/batch-exporter.ts'
import { createMonitoringSender, type SignedPost } from './export/monitoring.ts'
import { postOtlp } from './export/otlp-sender.ts'
import { createPeriodicExporter, type PeriodicExporter } from './export/periodic-exporter.ts'
import { RUNTIME_TIMERS, type Timers } from './export/timers.ts'
import type { MetricFamily } from './metrics/metric.ts'
import { createRequestMetrics, type RequestMetricsOptions } from './metrics/request-metrics.ts'
import { collectState, type GatewayReading } from './metrics/state-metrics.ts'
import type { Resource } from './otlp/attributes.ts'
import { encodeMetrics } from './otlp/encode-metrics.ts'
import { encodeTraces } from './otlp/encode-traces.ts'
import type { RequestRecord } from './request-record.ts'
import { metricTargets, type TelemetrySettings, traceTargets } from './settings.ts'
import { spansOf } from './trace/spans.ts'
import { startTrace, type TraceContext, type TraceHeaders } from './trace/trace-context.ts'

/** Metrics and traces of one gateway. */
export interface Telemetry {
  /** Counts a request that has ended, and queues its spans. */
  observe(record: RequestRecord): void
  /** All metrics as they are now. */
  collect(): MetricFamily[]
  /**
   * The trace of a request: the client's, or a new one if spans are exported. `undefined` if there
   * is neither.
   */
  startTrace(headers: TraceHeaders): TraceContext | undefined
  /** Whether anything is exported. */
  readonly exports: boolean
  /** Starts the regular exports of metrics. */
  start(): void
  /** Exports spans, and metrics if they are due. Never rejects. For runtimes without timers. */
  flush(): Promise<void>
  /** Exports everything. Never rejects. */
  close(): Promise<void>
}

export interface TelemetryOptions {
  settings: TelemetrySettings
  platform: Pick<Platform, 'fetch' | 'now' | 'log'>
  labels: RequestMetricsOptions
  /** Reads the state of the gateway. Exports are added to it. */
  read(): Omit<GatewayReading, 'exports'>
  /** Attributes of spans and metrics besides `service.name`. */
  resource: Resource
  version: string
  /** For OCI Monitoring. Absent where nothing can be signed. */
  monitoring?: { endpoint: string; compartmentId: string; post: SignedPost } | undefined
  timers?: Timers
}

/** Creates telemetry without counts. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { settings, platform, labels, read } = options
  const startedAt = platform.now()
  const requests = createRequestMetrics(labels)
  const traces = createTraceExporters(options)
  const collect = (): MetricFamily[] => {
    const exports = [...traces, ...periodic].map(({ reading }) => reading)
    return [...requests.collect(), ...collectState({ ...read(), exports })]
  }
  const periodic = createMetricExporters(options, { collect, startedAt })
  const hasTraces = traceTargets(settings).length > 0
  return {
    collect,
    exports: traces.length + periodic.length > 0,
    observe(record) {
      requests.record(record)
      if (!record.trace?.isSampled) return
      for (const exporter of traces) exporter.add(record)
    },
    startTrace(headers) {
      return hasTraces || headers.traceparent !== undefined ? startTrace(headers) : undefined
    },
    start() {
      for (const exporter of periodic) exporter.start()
    },
    async flush() {
      await Promise.all([
        ...traces.map((exporter) => exporter.flush()),
        ...periodic.map((exporter) => exporter.exportIfDue()),
      ])
    },
    async close() {
      await Promise.all([
        ...traces.map((exporter) => exporter.flush()),
        ...periodic.map((exporter) => exporter.exportNow()),
      ])
    },
  }
}

function createTraceExporters(options: TelemetryOptions): BatchExporter<RequestRecord>[] {
  const { settings, platform, timers = RUNTIME_TIMERS } = options
  return traceTargets(settings).map((target) =>
    createBatchExporter<RequestRecord>({
      signal: `traces.${target.name}`,
      timers,
      onFailure: () => logFailure(options, `traces.${target.name}`),
      deliver(records) {
        const spans = records.flatMap((record) => record.trace ? spansOf(record, record.trace) : [])
        if (spans.length === 0) return Promise.resolve('delivered')
        return postOtlp(encodeTraces(spans, sourceOf(options)), target, platform.fetch)
      },
    })
  )
}

interface Collected {
  collect(): MetricFamily[]
  startedAt: number
}

function createMetricExporters(
  options: TelemetryOptions,
  { collect, startedAt }: Collected,
): PeriodicExporter[] {
  const { settings, platform, monitoring } = options
  const { now, fetch } = platform
  const otlp = metricTargets(settings).map((target) => ({
    signal: `metrics.${target.name}`,
    async deliver(): Promise<{ delivery: Delivery; items: number }> {
      const families = collect()
      const body = encodeMetrics(families, { startedAt, now: now() }, sourceOf(options))
      return { delivery: await postOtlp(body, target, fetch), items: countSamples(families) }
    },
  }))
  const { namespace } = settings.monitoring ?? {}
  const send = namespace !== undefined && monitoring
    ? createMonitoringSender({ ...monitoring, namespace, service: settings.serviceName, now })
    : undefined
  const oci = send ? [{ signal: 'metrics.monitoring', deliver: () => send(collect()) }] : []
  return [...otlp, ...oci].map((exporter) => createPeriodic(options, exporter))
}

function createPeriodic(
  options: TelemetryOptions,
  exporter: { signal: string; deliver(): Promise<{ delivery: Delivery; items: number }> },
): PeriodicExporter {
  const { settings, platform, timers = RUNTIME_TIMERS } = options
  return createPeriodicExporter({
    ...exporter,
    interval: settings.metricsInterval,
    timers,
    now: platform.now,
    onFailure: () => logFailure(options, exporter.signal),
  })
}

function countSamples(families: readonly MetricFamily[]): number {
  return families.reduce((sum, { samples }) => sum + samples.length, 0)
}

function sourceOf({ settings, resource, version }: TelemetryOptions) {
  return {
    resource: { 'service.name': settings.serviceName, 'service.version': version, ...resource },
    scope: { name: 'oci-genai-gateway', version },
  }
}

/** The log has no address of the receiver, which may contain a key. */
function logFailure({ platform }: TelemetryOptions, signal: string): void {
  platform.log({ level: 'warn', event: 'telemetry_not_exported', signal })
}
