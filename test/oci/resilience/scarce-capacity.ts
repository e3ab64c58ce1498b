import { decodeError } from '../../../src/oci/http/error.ts'
import { createTrace } from '../../../src/oci/call.ts'
import { type AttemptDependencies, makeAttempts } from '../../../src/oci/resilience/attempts.ts'
import {
  createCircuitBreaker,
  DEFAULT_CIRCUIT_BREAKER,
} from '../../../src/oci/resilience/circuit-breaker.ts'
import {
  createRateLimitQueue,
  DEFAULT_RATE_LIMIT_QUEUE,
} from '../../../src/oci/resilience/rate-limit-queue.ts'
import { createRegionCache } from '../../../src/oci/resilience/region-targets.ts'
import { createRetryBudget, DEFAULT_BUDGET } from '../../../src/oci/resilience/retry-budget.ts'
import { DEFAULT_RETRY } from '../../../src/oci/resilience/retry-policy.ts'
import { VirtualTime } from '../../virtual-time.ts'

/** A limit of OCI that the gateway does not know, and the clients that call at the same time. */
export interface Scenario {
  /** Concurrent calls, or calls per second, at a time in seconds. */
  limit(seconds: number): number
  /** Calls that a limit per second allows at once after a pause; absent for concurrent calls. */
  burst?: number
  /** Mean seconds of a call; it takes half to one and a half of them. */
  duration: number
  /** Seconds in the `Retry-After` of each 429. */
  retryAfter?: number
  clients: Readonly<Record<string, Client>>
}

/** `parallel` requests that are repeated as soon as they end, or random arrivals `perSecond`. */
type Client = { parallel: number } | { perSecond: number }

/** What the clients of a scenario got in five minutes. */
export interface Outcome {
  /** The used part of OCI's limit. */
  goodput: number
  /** The part of each client's requests that ended as 429. */
  rejected: Record<string, number>
  /** Each client's part of the answers. */
  share: Record<string, number>
  /** The part of the calls to OCI that it answered with 429. */
  rejectedCalls: number
}

const MINUTES = 5
const LATENCY = 5

/** Simulates five minutes; without a queue if `isQueued` is `false`. */
export async function simulate(scenario: Scenario, isQueued = true): Promise<Outcome> {
  const time = new VirtualTime()
  const oci = new ScarceOci(scenario, time)
  const dependencies = createDependencies(time, isQueued)
  const counts = new Map(
    Object.keys(scenario.clients).map((name) => [name, { answered: 0, rejected: 0 }]),
  )
  const request = async (client: string) => {
    const { signal } = new AbortController()
    const options = { model: 'acme.one', signal, trace: createTrace(), isLastModel: true, client }
    const isAnswered = await makeAttempts(() => oci.call(), options, dependencies)
      .then(() => true, () => false)
    const count = counts.get(client)
    if (count) count[isAnswered ? 'answered' : 'rejected']++
    return isAnswered
  }
  for (const [name, client] of Object.entries(scenario.clients)) {
    start(client, () => request(name), time, oci.random)
  }
  await time.advance(MINUTES * 60_000)
  return outcomeOf(oci, counts)
}

function createDependencies(time: VirtualTime, isQueued: boolean): AttemptDependencies {
  const now = () => time.now()
  const target = { region: 'us-chicago-1', inference: new URL('https://chicago.example') }
  return {
    targets: createRegionCache([target], { regional: false, now }),
    breaker: createCircuitBreaker(DEFAULT_CIRCUIT_BREAKER, now, () => 0),
    budget: createRetryBudget(DEFAULT_BUDGET, now),
    rateLimits: isQueued ? createRateLimitQueue(DEFAULT_RATE_LIMIT_QUEUE, time) : undefined,
    retry: { ...DEFAULT_RETRY, ...(!isQueued && { maxAttempts: 1 }) },
    platform: { now, randomId: () => 'token' },
  }
}

function start(
  client: Client,
  request: () => Promise<boolean>,
  time: VirtualTime,
  random: () => number,
): void {
  if ('perSecond' in client) {
    const arrive = () => {
      void request()
      time.after(-Math.log(1 - random()) * 1000 / client.perSecond, arrive)
    }
    time.after(0, arrive)
    return
  }
  const repeat = async () => {
    await time.sleep(random() * 1000)
    for (;;) if (!await request()) await time.sleep(1000)
  }
  for (let count = 0; count < client.parallel; count++) void repeat()
}

function outcomeOf(
  { goodput, rejectedCalls }: ScarceOci,
  counts: ReadonlyMap<string, { answered: number; rejected: number }>,
): Outcome {
  const total = [...counts.values()].reduce((sum, { answered }) => sum + answered, 0)
  const entries = [...counts]
  return {
    goodput,
    rejectedCalls,
    rejected: Object.fromEntries(
      entries.map(([name, { answered, rejected }]) => [name, rejected / (answered + rejected)]),
    ),
    share: Object.fromEntries(entries.map(([name, { answered }]) => [name, answered / total])),
  }
}

/** OCI with a hidden limit. */
class ScarceOci {
  readonly #scenario: Scenario
  readonly #time: VirtualTime
  #seed = 7
  #calls = 0
  #rejected = 0
  #running = 0
  #allowed: number
  #refilledAt = 0
  /** Used capacity, in calls or in seconds of calls. */
  #used = 0
  #available = 0

  constructor(scenario: Scenario, time: VirtualTime) {
    this.#scenario = scenario
    this.#time = time
    this.#allowed = this.#available = scenario.burst ?? 0
    const measure = () => {
      this.#available += this.#limit() / 10
      time.after(100, measure)
    }
    measure()
  }

  /** A pseudo-random number in [0, 1), the same in each run. */
  readonly random = () => {
    this.#seed = (this.#seed * 1_664_525 + 1_013_904_223) >>> 0
    return this.#seed / 2 ** 32
  }

  get goodput(): number {
    return this.#used / this.#available
  }

  get rejectedCalls(): number {
    return this.#rejected / this.#calls
  }

  async call() {
    this.#calls++
    await this.#time.sleep(LATENCY)
    if (!this.#enter()) {
      this.#rejected++
      const body = { status: 429, code: 'TooManyRequests', message: '', param: undefined }
      throw decodeError(body, {}, { retryAfter: this.#scenario.retryAfter })
    }
    const seconds = this.#scenario.duration * (0.5 + this.random())
    await this.#time.sleep(seconds * 1000)
    this.#running--
    this.#used += this.#scenario.burst === undefined ? seconds : 1
    return { value: undefined, warnings: [], opcRequestId: undefined }
  }

  #enter(): boolean {
    const { burst } = this.#scenario
    if (burst === undefined) {
      if (this.#running >= this.#limit()) return false
    } else {
      const passed = (this.#time.now() - this.#refilledAt) / 1000
      this.#allowed = Math.min(burst, this.#allowed + passed * this.#limit())
      this.#refilledAt = this.#time.now()
      if (this.#allowed < 1) return false
      this.#allowed--
    }
    this.#running++
    return true
  }

  #limit(): number {
    return this.#scenario.limit(this.#time.now() / 1000)
  }
}
