import type { ExportReading } from '../metrics/state-metrics.ts'
import type { Timers } from './timers.ts'

/** What a receiver did with a batch. `retry`: it may take the same batch later. */
export type Delivery = 'delivered' | 'rejected' | 'retry'

/** Collects items and delivers them in batches, off the path of requests. */
export interface BatchExporter<Item> {
  /** Adds an item. When the queue is full, the item is dropped and counted. Never throws or waits. */
  add(item: Item): void
  /** Delivers what is queued now, one batch after the other. Ends at the first failure. */
  flush(): Promise<void>
  readonly reading: ExportReading
  /** Items that are not delivered yet. */
  readonly size: number
}

export interface BatchExporterOptions<Item> {
  signal: string
  /** Delivers a batch. A rejection counts as `retry`. */
  deliver(items: readonly Item[]): Promise<Delivery>
  timers: Timers
  /** Called with the first failure after a success, for the log. */
  onFailure?: (() => void) | undefined
  maxQueue?: number
  maxBatch?: number
  /** Milliseconds in which items are collected. */
  delay?: number
}

/** About 3 MB of records. */
const MAX_QUEUE = 2_048
/** Encoding a batch takes about a millisecond. */
const MAX_BATCH = 128
const DELAY = 5_000
/** Milliseconds until a failed batch is delivered again; doubled with each failure. */
const [FIRST_RETRY, LAST_RETRY] = [5_000, 60_000]

/** Creates an exporter with an empty queue. */
export function createBatchExporter<Item>(
  options: BatchExporterOptions<Item>,
): BatchExporter<Item> {
  return new QueueExporter(options)
}

class QueueExporter<Item> implements BatchExporter<Item> {
  readonly #options: BatchExporterOptions<Item>
  #queue: Item[] = []
  #inFlight = 0
  #isScheduled = false
  #failures = 0
  readonly #counts = { exported: 0, dropped: 0, failures: 0 }

  constructor(options: BatchExporterOptions<Item>) {
    this.#options = options
  }

  get reading(): ExportReading {
    return { signal: this.#options.signal, ...this.#counts }
  }

  get size(): number {
    return this.#queue.length + this.#inFlight
  }

  add(item: Item): void {
    const { maxQueue = MAX_QUEUE, maxBatch = MAX_BATCH, delay = DELAY } = this.#options
    if (this.size >= maxQueue) {
      this.#counts.dropped++
      return
    }
    this.#queue.push(item)
    // A running delivery continues with what is queued, or schedules the next one.
    if (this.#inFlight > 0) return
    if (this.#failures === 0 && this.#queue.length >= maxBatch) void this.flush()
    else this.#schedule(delay)
  }

  /** Takes its batches out of the queue, so that two of them share no promise, as on Workers. */
  async flush(): Promise<void> {
    const { deliver, maxBatch = MAX_BATCH } = this.#options
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, maxBatch)
      this.#queue = this.#queue.slice(batch.length)
      this.#inFlight += batch.length
      const delivery = await deliver(batch).catch((): Delivery => 'retry')
      this.#inFlight -= batch.length
      if (!this.#count(delivery, batch)) return
    }
  }

  /** Counts a batch. Returns whether to continue with the next one. */
  #count(delivery: Delivery, batch: Item[]): boolean {
    if (delivery === 'delivered') {
      this.#failures = 0
      this.#counts.exported += batch.length
      return true
    }
    this.#counts.failures++
    if (this.#failures++ === 0) this.#options.onFailure?.()
    if (delivery === 'rejected') {
      this.#counts.dropped += batch.length
      return true
    }
    this.#queue = [...batch, ...this.#queue]
    this.#schedule(Math.min(FIRST_RETRY * 2 ** (this.#failures - 1), LAST_RETRY))
    return false
  }

  #schedule(delay: number): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#options.timers.after(delay, () => {
      this.#isScheduled = false
      void this.flush()
    })
  }
}
