/** The load generator: a separate process that receives jobs and sends outcomes as messages. */
import process from 'node:process'
import { type Connection, openConnection, type Reply } from './connection.ts'
import type { Job, Outcome } from './job.ts'
import { countCpu, membersOf, residentMegabytes } from './processes.ts'
import { createRequests } from './request-body.ts'

process.on('message', async (job: Job) => process.send?.(await new Run(job).result()))
// Ends when the bench ends for any reason.
process.once('disconnect', () => process.exit())

class Run {
  readonly #job: Job
  readonly #next: () => Buffer
  readonly #open = new Set<Connection>()
  readonly #idle: Connection[] = []
  readonly #firstWords: number[] = []
  readonly #errors = new Map<string, number>()
  #isMeasuring = false
  #isOver = false
  #requests = 0
  #chunks = 0

  constructor(job: Job) {
    this.#job = job
    this.#next = createRequests(job)
  }

  async result(): Promise<Outcome> {
    const { group, perSecond, warmUp, window } = this.#job
    const pids = membersOf(group)
    const load = perSecond > 0 ? this.#askAtPace() : this.#askInLanes()
    await sleep(warmUp)
    const began = performance.now()
    const cpuSince = countCpu(pids)
    this.#isMeasuring = true
    await sleep(window)
    this.#isMeasuring = false
    const seconds = (performance.now() - began) / 1000
    const cpu = pids.length > 0 ? cpuSince() : undefined
    const rss = pids.length > 0 ? residentMegabytes(pids) : undefined
    this.#isOver = true
    await load
    for (const connection of this.#open) connection.close()
    return {
      seconds,
      cpu,
      rss,
      requests: this.#requests,
      chunks: this.#chunks,
      firstWords: this.#firstWords,
      errors: Object.fromEntries(this.#errors),
    }
  }

  /** Each lane sends the next request directly after an answer. */
  async #askInLanes(): Promise<void> {
    const { connections, warmUp } = this.#job
    const lanes = Array.from({ length: connections }, async (_, index) => {
      // Staggered, because streams of equal length would otherwise all start at the same time.
      await sleep(warmUp / 2 * index / connections)
      while (!this.#isOver) await this.#ask()
    })
    await Promise.all(lanes)
  }

  async #askAtPace(): Promise<void> {
    const { perSecond } = this.#job
    const began = performance.now()
    const asked: Promise<void>[] = []
    while (!this.#isOver) {
      asked.push(this.#ask())
      await sleep(began + asked.length * 1000 / perSecond - performance.now())
    }
    await Promise.all(asked)
  }

  async #ask(): Promise<void> {
    const connection = this.#idle.pop() ?? this.#connect()
    const isCounted = this.#isMeasuring
    const reply = await connection.ask(this.#next())
    this.#idle.push(connection)
    this.#note(reply, isCounted)
  }

  #connect(): Connection {
    const connection = openConnection(this.#job, (words) => {
      if (this.#isMeasuring) this.#chunks += words
    })
    this.#open.add(connection)
    return connection
  }

  /** Counts requests that end within the window, and first words of requests that start within it. */
  #note({ problem, firstWord }: Reply, isCounted: boolean): void {
    if (problem !== undefined) this.#errors.set(problem, (this.#errors.get(problem) ?? 0) + 1)
    else if (this.#isMeasuring) this.#requests++
    if (isCounted && firstWord !== undefined) this.#firstWords.push(firstWord)
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
