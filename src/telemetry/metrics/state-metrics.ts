import { STATE_METRICS } from './definitions.ts'
import type { MetricDefinition, MetricFamily, NumberSample } from './metric.ts'

/** The state of one circuit of the circuit breaker. */
export interface CircuitReading {
  region: string
  state: 'closed' | 'open' | 'half-open'
}

/** What an exporter has done with spans or metrics. */
export interface ExportReading {
  signal: string
  exported: number
  dropped: number
  failures: number
}

/** How often the configuration was read again, without the first time. */
export interface ReloadReading {
  succeeded: number
  /** An invalid configuration, which changed nothing. */
  failed: number
  /** When the configuration in use was read, in milliseconds since the epoch. */
  loadedAt: number
}

/** What the runtime knows of the process. All members are absent where it knows nothing. */
export interface ProcessReading {
  /** Bytes. */
  residentMemory?: number | undefined
  heapUsed?: number | undefined
  /** Seconds. */
  cpu?: number | undefined
  /** Seconds since the epoch. */
  startTime?: number | undefined
  /** Seconds, by quantile. */
  eventLoopDelay?: Readonly<Record<string, number>> | undefined
}

/** The state of the gateway now. An absent part has no metrics. */
export interface GatewayReading {
  requests: { active: number; max: number; queued: number; isDraining: boolean }
  bodyBytes: number
  circuits: readonly CircuitReading[]
  retries: { used: number; limit: number }
  quirks: number
  store?: { isDown: boolean; failures: number; reservations: number; unsettled: number } | undefined
  reloads: ReloadReading
  exports: readonly ExportReading[]
  build: { version: string; runtime: string }
  process: ProcessReading
}

/** Converts the state of the gateway to metrics. */
export function collectState(reading: GatewayReading): MetricFamily[] {
  const { requests, retries, store, build } = reading
  return [
    single(STATE_METRICS.concurrency, requests.active),
    // An unlimited gateway has no such metric.
    single(STATE_METRICS.concurrencyLimit, requests.max === Infinity ? undefined : requests.max),
    single(STATE_METRICS.queue, requests.queued),
    single(STATE_METRICS.bodyBytes, reading.bodyBytes),
    single(STATE_METRICS.draining, Number(requests.isDraining)),
    circuitFamily(reading.circuits),
    single(STATE_METRICS.retries, retries.used),
    single(STATE_METRICS.retryLimit, retries.limit),
    single(STATE_METRICS.reservations, store?.reservations),
    single(STATE_METRICS.unsettled, store?.unsettled),
    single(STATE_METRICS.storeUp, store && Number(!store.isDown)),
    single(STATE_METRICS.storeFailures, store?.failures),
    single(STATE_METRICS.quirks, reading.quirks),
    ...reloadFamilies(reading.reloads),
    ...exportFamilies(reading.exports),
    family(STATE_METRICS.build, [sample(1, build.version, build.runtime)]),
    ...processFamilies(reading.process),
  ]
}

const STATES = ['closed', 'open', 'half-open'] as const

/** Each region has all states, so that a query finds zeros. */
function circuitFamily(circuits: readonly CircuitReading[]): MetricFamily {
  const regions = [...new Set(circuits.map(({ region }) => region))]
  const samples = regions.flatMap((region) => {
    const own = circuits.filter((circuit) => circuit.region === region)
    return STATES.map((state) =>
      sample(own.filter((circuit) => circuit.state === state).length, region, state)
    )
  })
  return family(STATE_METRICS.circuits, samples)
}

function reloadFamilies({ succeeded, failed, loadedAt }: ReloadReading): MetricFamily[] {
  return [
    family(STATE_METRICS.reloads, [sample(succeeded, 'succeeded'), sample(failed, 'failed')]),
    single(STATE_METRICS.configLoaded, loadedAt / 1_000),
  ]
}

function exportFamilies(exports: readonly ExportReading[]): MetricFamily[] {
  const of = (member: 'exported' | 'dropped' | 'failures') =>
    exports.map((reading) => sample(reading[member], reading.signal))
  return [
    family(STATE_METRICS.exported, of('exported')),
    family(STATE_METRICS.dropped, of('dropped')),
    family(STATE_METRICS.exportFailures, of('failures')),
  ]
}

function processFamilies(reading: ProcessReading): MetricFamily[] {
  const delays = Object.entries(reading.eventLoopDelay ?? {})
  return [
    single(STATE_METRICS.memory, reading.residentMemory),
    single(STATE_METRICS.heap, reading.heapUsed),
    single(STATE_METRICS.cpu, reading.cpu),
    single(STATE_METRICS.startTime, reading.startTime),
    family(
      STATE_METRICS.eventLoopDelay,
      delays.map(([quantile, delay]) => sample(delay, quantile)),
    ),
  ]
}

function single(definition: MetricDefinition, value: number | undefined): MetricFamily {
  return family(definition, value === undefined ? [] : [sample(value)])
}

function family(definition: MetricDefinition, samples: readonly NumberSample[]): MetricFamily {
  return { definition, samples }
}

function sample(value: number, ...labels: string[]): NumberSample {
  return { type: 'number', labels, value }
}
