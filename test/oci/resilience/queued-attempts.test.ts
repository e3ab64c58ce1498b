import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { createTrace } from '../../../src/oci/call.ts'
import { decodeError } from '../../../src/oci/http/error.ts'
import {
  type AttemptDependencies,
  type AttemptedAnswer,
  makeAttempts,
} from '../../../src/oci/resilience/attempts.ts'
import {
  createCircuitBreaker,
  DEFAULT_CIRCUIT_BREAKER,
} from '../../../src/oci/resilience/circuit-breaker.ts'
import type { DeferredOutcome } from '../../../src/oci/resilience/outcome.ts'
import {
  createRateLimitQueue,
  DEFAULT_RATE_LIMIT_QUEUE,
} from '../../../src/oci/resilience/rate-limit-queue.ts'
import { createRegionCache, type Target } from '../../../src/oci/resilience/region-targets.ts'
import { createRetryBudget } from '../../../src/oci/resilience/retry-budget.ts'
import { DEFAULT_RETRY } from '../../../src/oci/resilience/retry-policy.ts'
import { VirtualTime } from '../../virtual-time.ts'

const CHICAGO: Target = { region: 'chicago', inference: new URL('https://chicago.example') }
const FRANKFURT: Target = { region: 'frankfurt', inference: new URL('https://fra.example') }

type Result = number | 'done' | 'stream'

interface Request {
  results: readonly Result[]
  client?: string
  isLastModel?: boolean
  signal?: AbortSignal
}

function open(regions: readonly [Target, ...Target[]] = [CHICAGO]) {
  const time = new VirtualTime()
  const now = () => time.now()
  const dependencies = {
    targets: createRegionCache(regions, { regional: false, now }),
    breaker: createCircuitBreaker(DEFAULT_CIRCUIT_BREAKER, now, () => 0),
    // A budget without a single retry.
    budget: createRetryBudget({ ratio: 0, minimum: 0 }, now),
    rateLimits: createRateLimitQueue(DEFAULT_RATE_LIMIT_QUEUE, time),
    retry: DEFAULT_RETRY,
    platform: { now, randomId: () => 'token' },
  } satisfies AttemptDependencies
  const streams: DeferredOutcome[] = []
  return {
    time,
    /** The outcomes of the streams that have begun. */
    streams,
    states: () => dependencies.rateLimits?.list() ?? [],
    /** Makes calls with these results in order: a status of OCI, an answer, or a stream. */
    async ask({ results, client = 'a', isLastModel = true, signal = NEVER }: Request) {
      const regions: string[] = []
      const options = { model: 'm', signal, trace: createTrace(), isLastModel, client }
      const send = (
        { target, deferOutcome }: Parameters<Parameters<typeof makeAttempts>[0]>[0],
      ) => {
        const result = results[regions.length] ?? 'done'
        regions.push(target.region)
        if (result === 'stream') streams.push(deferOutcome())
        return typeof result === 'number' ? Promise.reject(refusal(result)) : ANSWER
      }
      const asked = makeAttempts(send, options, dependencies)
      let error: ApiError | undefined
      const settled = asked.catch((thrown) => {
        error = thrown
      })
      await Promise.race([settled, time.advance(30_000).then(() => settled)])
      return { regions, error, attempts: options.trace.attempts }
    },
  }
}

const NEVER = new AbortController().signal
const ANSWER: Promise<AttemptedAnswer<string>> = Promise.resolve({
  ...{ value: 'done', warnings: [], opcRequestId: undefined },
})

function refusal(status: number): ApiError {
  const code = status === 429 ? 'TooManyRequests' : ''
  return decodeError({ status, code, message: '', param: undefined }, { model: 'm' }, {})
}

describe('makeAttempts() with a rate limit queue', () => {
  it('retries a 429 without the retry budget', async () => {
    const { regions, error } = await open().ask({ results: [429, 429, 'done'] })
    assert.deepEqual([regions.length, error], [3, undefined])
  })

  it('gives up after the maximum of calls', async () => {
    const { regions, error } = await open().ask({ results: [429, 429, 429] })
    assert.equal(regions.length, 3)
    assert.deepEqual([error?.code, error?.exhausted], ['rate_limit_exceeded', true])
  })

  it('retries other failures with the budget only', async () => {
    const { regions, error } = await open().ask({ results: [503, 'done'] })
    assert.deepEqual([regions.length, error?.exhausted], [1, true])
  })

  it('does not open the circuit', async () => {
    const gateway = open()
    for (let count = 0; count < 20; count++) await gateway.ask({ results: [429, 429, 429] })
    const { error } = await gateway.ask({ results: ['done'] })
    assert.equal(error, undefined)
  })

  it('calls the next region without waiting, at the limit even without a call', async () => {
    const gateway = open([CHICAGO, FRANKFURT])
    await gateway.ask({ results: ['stream'] })
    const first = await gateway.ask({ results: [429, 'done'] })
    assert.deepEqual(first.regions, ['chicago', 'frankfurt'])
    const second = await gateway.ask({ results: ['done'] })
    assert.deepEqual([second.regions, second.attempts], [['frankfurt'], 1])
  })

  it('waits for the only region that serves the model', async () => {
    const { regions, error } = await open([CHICAGO, FRANKFURT]).ask({ results: [429, 404, 'done'] })
    assert.deepEqual([regions, error], [['chicago', 'frankfurt', 'chicago'], undefined])
  })

  it('does not wait while a fallback model may be tried', async () => {
    const gateway = open()
    await gateway.ask({ results: ['stream'] })
    await gateway.ask({ results: [429], isLastModel: false })
    const { regions, error } = await gateway.ask({ results: [], isLastModel: false })
    assert.deepEqual([regions, error?.reason], [[], 'rate_limited'])
  })

  it('holds the place of a stream until it ends', async () => {
    const ends: [name: string, end: (outcome: DeferredOutcome) => void][] = [
      ['succeeds', (outcome) => outcome.succeed()],
      ['fails', (outcome) => outcome.fail(refusal(503))],
      ['is left', (outcome) => outcome.abandon()],
    ]
    for (const [name, end] of ends) {
      const gateway = open()
      await gateway.ask({ results: ['stream'] })
      assert.equal(gateway.states()[0]?.running, 1, name)
      gateway.streams.forEach(end)
      assert.deepEqual(gateway.states(), [], name)
    }
  })

  it('gives back the place of a stream that nothing reads when its client disconnects', async () => {
    const gateway = open()
    const client = new AbortController()
    await gateway.ask({ results: ['stream'], signal: client.signal })
    client.abort()
    assert.deepEqual(gateway.states(), [])
  })
})
