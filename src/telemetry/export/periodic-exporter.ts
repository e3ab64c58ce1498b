import type { ExportReading } from '../metrics/state-metrics.ts'
import type { Delivery } from './batch-exporter.ts'
import type { Timers } from './timers.ts'

/** Delivers the metrics of the moment at regular times. What cannot be delivered is dropped. */
export interface PeriodicExporter {
  /** Starts the timer, which does not keep the process running. */
  start(): void
  /** Delivers now if the last delivery is at least an interval ago, for runtimes without timers. */
  exportIfDue(): Promise<void>
  /** Delivers now. Never rejects. */
  exportNow(): Promise<void>
  readonly reading: ExportReading
}

export interface PeriodicExporterOptions {
  signal: string
  /** Milliseconds between two deliveries. */
  interval: number
  /** Reads the metrics and delivers them. Resolves with the number of delivered items. */
  deliver(): Promise<{ delivery: Delivery; items: number }>
  timers: Timers
  now(): number
  /** Called with the first failure after a success, for the log. */
  onFailure?: (() => void) | undefined
}

/** Creates an exporter that has not started. */
export function createPeriodicExporter(options: PeriodicExporterOptions): PeriodicExporter {
  const { signal, interval, deliver, timers, now, onFailure } = options
  const counts = { exported: 0, dropped: 0, failures: 0 }
  let exportedAt = now()
  let isFailing = false
  let isExporting = false
  const exportNow = async () => {
    // A slow receiver must not get several deliveries at once.
    if (isExporting) return
    isExporting = true
    exportedAt = now()
    const { delivery, items } = await deliver().catch(() => FAILED)
    isExporting = false
    if (delivery === 'delivered') {
      counts.exported += items
      isFailing = false
      return
    }
    counts.failures++
    counts.dropped += items
    if (!isFailing) onFailure?.()
    isFailing = true
  }
  const schedule = () =>
    timers.after(interval, () => {
      schedule()
      void exportNow()
    })
  return {
    start: schedule,
    exportNow,
    async exportIfDue() {
      if (Math.abs(now() - exportedAt) >= interval) await exportNow()
    },
    get reading() {
      return { signal, ...counts }
    },
  }
}

const FAILED = { delivery: 'retry', items: 0 } as const
