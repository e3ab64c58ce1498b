import type { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
import type { ProcessReading } from '../telemetry/metrics/state-metrics.ts'

type DelayHistogram = ReturnType<typeof monitorEventLoopDelay>

let histogram: DelayHistogram | undefined
let isOpening = false

const NANO = 1e9
/** Milliseconds between two measurements. */
const RESOLUTION = 20
/** Node reports the time between two measurements, Bun and Deno only what it is too long. */
const IDLE_DELAY = 'Bun' in globalThis || 'Deno' in globalThis ? 0 : RESOLUTION / 1000

/**
 * Reads memory, CPU time and the delay of the event loop. The delay is measured from the first
 * reading on, so that a gateway without a reader of metrics has no timer for it.
 */
export function readProcess(): ProcessReading {
  if (!isOpening) void openHistogram()
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return {
    ...{ residentMemory: rss, heapUsed, cpu: (user + system) / 1e6 },
    startTime: (Date.now() - process.uptime() * 1000) / 1000,
    eventLoopDelay: histogram && readDelay(histogram),
  }
}

/** Not every runtime has the histogram. */
async function openHistogram(): Promise<void> {
  isOpening = true
  try {
    const hooks = await import('node:perf_hooks')
    const opened = hooks.monitorEventLoopDelay({ resolution: RESOLUTION })
    opened.enable()
    histogram = opened
  } catch {
    histogram = undefined
  }
}

function readDelay(delays: DelayHistogram): Record<string, number> | undefined {
  const values = { '0.5': delays.percentile(50), '0.99': delays.percentile(99), '1': delays.max }
  delays.reset()
  const readable = Object.entries(values).filter(([, delay]) => Number.isFinite(delay) && delay > 0)
  // Without any measurement, the maximum is 0 or a huge number.
  const sane = readable.filter(([, delay]) => delay < 3_600 * NANO)
  return Object.fromEntries(
    sane.map(([quantile, delay]) => [quantile, Math.max(0, delay / NANO - IDLE_DELAY)]),
  )
}
