import type { LogRecord } from '../../platform.ts'

/** A process that serves the gateway together with others on the same port. */
export interface Worker {
  pid: number
  /** Resolves with the port; rejects if the process ends before it listens. */
  listening: Promise<number>
  /** Resolves with how the process ended: `status 1`, `SIGKILL`. */
  exited: Promise<string>
  /** Lets the process read its configuration again. */
  reload(): void
  /** Lets the process finish its requests and end. */
  end(): void
  /** Ends the process immediately. */
  kill(): void
}

export interface WorkerPoolOptions {
  count: number
  /** Starts a worker at a port; 0 selects a free one. */
  start(port: number): Worker
  log(record: LogRecord): void
  /** Milliseconds since the epoch. */
  now(): number
  sleep(ms: number): Promise<void>
}

/** A fixed number of workers, each of which is restarted when it ends. */
export interface WorkerPool {
  port: number
  /** Lets all workers read their configuration again. */
  reload(): void
  /** Lets all workers finish their requests and resolves when they have ended. */
  end(): Promise<void>
  /** Ends all workers immediately. */
  kill(): void
}

/** Milliseconds after which a worker that ends counts as having run, and is restarted at once. */
const STABLE = 10_000
/** Milliseconds before the restart of a worker that ends early; doubled each time, up to a maximum. */
const DELAY = { first: 1_000, max: 30_000 }

/**
 * Starts the workers and resolves when all of them listen. Rejects, without workers, if one of them
 * ends before.
 */
export async function openWorkerPool(
  port: number,
  options: WorkerPoolOptions,
): Promise<WorkerPool> {
  const workers: Worker[] = []
  const start = (at: number) => {
    const worker = options.start(at)
    workers.push(worker)
    return reportStart(worker, options)
  }
  try {
    // The first worker selects the port where 0 is configured.
    const chosen = await start(port)
    await Promise.all(Array.from({ length: options.count - 1 }, () => start(chosen)))
    return supervise(workers, chosen, options)
  } catch (error) {
    for (const worker of workers) worker.kill()
    throw error
  }
}

function supervise(workers: Worker[], port: number, options: WorkerPoolOptions): WorkerPool {
  const { promise: ending, resolve: stop } = Promise.withResolvers<'ending'>()
  const kept = workers.map((_, slot) => keepRunning(slot))
  return {
    port,
    reload() {
      for (const worker of workers) worker.reload()
    },
    async end() {
      stop('ending')
      for (const worker of workers) worker.end()
      await Promise.all(kept)
    },
    kill() {
      for (const worker of workers) worker.kill()
    },
  }

  /** Restarts the worker of one slot until the pool ends. */
  async function keepRunning(slot: number): Promise<void> {
    let isEnding = false
    void ending.then(() => isEnding = true)
    let delay = 0
    for (;;) {
      const startedAt = options.now()
      const reason = await workers[slot]!.exited
      if (isEnding) return
      delay = options.now() - startedAt >= STABLE
        ? 0
        : Math.min(2 * delay || DELAY.first, DELAY.max)
      options.log(exitRecord(workers[slot]!, reason, delay))
      await Promise.race([options.sleep(delay), ending])
      if (isEnding) return
      workers[slot] = options.start(port)
      // A worker that ends before it listens is restarted as well.
      reportStart(workers[slot], options).catch(() => {})
    }
  }
}

/** Logs when a worker listens, and resolves with its port. */
async function reportStart(
  { pid, listening }: Worker,
  { log }: WorkerPoolOptions,
): Promise<number> {
  const port = await listening
  log({ level: 'info', event: 'worker_started', pid })
  return port
}

function exitRecord({ pid }: Worker, reason: string, delay: number): LogRecord {
  return { level: 'error', event: 'worker_exited', pid, reason, restartInMs: delay }
}
