import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { createTrace } from '../../../src/oci/call.ts'
import {
  type Attempt,
  type AttemptDependencies,
  makeAttempts,
} from '../../../src/oci/resilience/attempts.ts'
import {
  createCircuitBreaker,
  DEFAULT_CIRCUIT_BREAKER,
} from '../../../src/oci/resilience/circuit-breaker.ts'
import { decodeError } from '../../../src/oci/http/error.ts'
import { DEFAULT_RETRY } from '../../../src/oci/resilience/retry-policy.ts'
import type { DeferredOutcome } from '../../../src/oci/resilience/outcome.ts'
import { createRetryBudget, DEFAULT_BUDGET } from '../../../src/oci/resilience/retry-budget.ts'
import { createRegionCache, type Target } from '../../../src/oci/resilience/region-targets.ts'
import { withFakeClock } from '../../fake-clock.ts'

const CHICAGO: Target = { region: 'us-chicago-1', inference: new URL('https://chicago.example') }
const FRANKFURT: Target = { region: 'eu-frankfurt-1', inference: new URL('https://fra.example') }

function answered(status: number, retryAfter?: number): ApiError {
  return decodeError({ status, code: '', message: '', param: undefined }, {}, { retryAfter })
}

interface Options {
  regions?: readonly [Target, ...Target[]]
  regional?: boolean
  retry?: Partial<AttemptDependencies['retry']>
  breaker?: Partial<typeof DEFAULT_CIRCUIT_BREAKER>
}

function open({ regions = [CHICAGO], regional = false, retry, breaker }: Options = {}) {
  const now = () => Date.now()
  let ids = 0
  const dependencies: AttemptDependencies = {
    targets: createRegionCache(regions, { regional, now }),
    breaker: createCircuitBreaker({ ...DEFAULT_CIRCUIT_BREAKER, ...breaker }, now, () => 0),
    budget: createRetryBudget(DEFAULT_BUDGET, now),
    retry: { ...DEFAULT_RETRY, initialDelay: 0, ...retry },
    platform: { now, randomId: () => `token${++ids}` },
  }
  return {
    dependencies,
    /** Starts a stream, whose outcome is reported later. */
    async stream() {
      let outcome: DeferredOutcome | undefined
      const { signal } = new AbortController()
      await makeAttempts(
        ({ deferOutcome }) => {
          outcome = deferOutcome()
          return Promise.resolve({ value: 'begun', opcRequestId: undefined, warnings: [] })
        },
        { model: 'xai.grok-4', signal, trace: createTrace(), isLastModel: true },
        dependencies,
      )
      assert.ok(outcome)
      return { outcome }
    },
    /** Makes attempts with these outcomes in order: an error or a text. */
    async ask(
      outcomes: readonly (ApiError | string)[],
      model = 'xai.grok-4',
      isLastModel = true,
    ) {
      const made: Attempt[] = []
      const trace = createTrace()
      const { signal } = new AbortController()
      const answer = makeAttempts(
        (attempt) => {
          made.push(attempt)
          const outcome = outcomes[made.length - 1]
          if (typeof outcome !== 'string') return Promise.reject(outcome ?? new Error('one more'))
          return Promise.resolve({ value: outcome, opcRequestId: undefined, warnings: [] })
        },
        { model, signal, trace, isLastModel },
        dependencies,
      )
      const [settled] = await Promise.allSettled([answer])
      return { settled, made, regions: made.map(({ target }) => target.region) }
    },
  }
}

function failureOf(settled: PromiseSettledResult<unknown>): ApiError {
  assert.equal(settled.status, 'rejected')
  assert.ok(settled.reason instanceof ApiError)
  return settled.reason
}

describe('makeAttempts()', () => {
  it('returns a success with the region and the number of calls', async () => {
    const { settled, made } = await open().ask([answered(503), answered(503), 'done'])
    assert.equal(settled.status, 'fulfilled')
    assert.deepEqual(settled.value, {
      value: 'done',
      opcRequestId: undefined,
      warnings: [],
      region: 'us-chicago-1',
      attempts: 3,
    })
    assert.deepEqual(made.map(({ isLast }) => isLast), [false, false, true])
  })

  it('U1 reports that the retries are exhausted', async () => {
    const { settled, made } = await open().ask([429, 429, 429].map((status) => answered(status)))
    const { code, exhausted, attempts, region } = failureOf(settled)
    assert.deepEqual(
      { code, exhausted, attempts, region },
      { code: 'rate_limit_exceeded', exhausted: true, attempts: 3, region: 'us-chicago-1' },
    )
    assert.equal(made.length, 3)
  })

  it('throws a permanent failure at once, and an unknown error as an internal error', async () => {
    const refused = await open().ask([answered(400)])
    assert.equal(failureOf(refused.settled).exhausted, false)
    assert.equal(refused.made.length, 1)
    const defect = await open().ask([])
    assert.equal(failureOf(defect.settled).code, 'internal_error')
  })

  it('U11 sends one retry token for each target', async () => {
    const same = await open().ask([answered(503), 'done'])
    assert.deepEqual(same.made.map(({ retryToken }) => retryToken), ['token1', 'token1'])
    const other = await open({ regions: [CHICAGO, FRANKFURT] }).ask([answered(503), 'done'])
    assert.deepEqual(other.made.map(({ retryToken }) => retryToken), ['token1', 'token2'])
  })

  it('tries the next region, and counts all calls', async () => {
    const gateway = open({ regions: [CHICAGO, FRANKFURT] })
    const { regions, settled } = await gateway.ask(
      [503, 429, 500].map((status) => answered(status)),
    )
    assert.deepEqual(regions, ['us-chicago-1', 'eu-frankfurt-1', 'eu-frankfurt-1'])
    assert.equal(failureOf(settled).attempts, 3)
  })

  it('caches the region that serves a model', async () => {
    const gateway = open({ regions: [CHICAGO, FRANKFURT] })
    const first = await gateway.ask([answered(404), 'done'])
    const second = await gateway.ask(['done'])
    const other = await gateway.ask(['done'], 'meta.llama-4')
    assert.deepEqual(first.regions, ['us-chicago-1', 'eu-frankfurt-1'])
    assert.deepEqual(second.regions, ['eu-frankfurt-1'])
    assert.deepEqual(other.regions, ['us-chicago-1'])
  })

  it('F5: caches no region after a transient failure', async () => {
    const gateway = open({ regions: [CHICAGO, FRANKFURT] })
    await gateway.ask([answered(500), 'done'])
    const { regions } = await gateway.ask(['done'])
    assert.deepEqual(regions, ['us-chicago-1'])
  })

  it('F5: caches no region for a model that none serves', async () => {
    const gateway = open({ regions: [CHICAGO, FRANKFURT] })
    await gateway.ask([answered(404), answered(404)], 'made.up')
    const { regions } = await gateway.ask(['done'], 'made.up')
    assert.deepEqual(regions, ['us-chicago-1'])
  })

  it('gives up without retries if there is another model', async () => {
    const { settled, made } = await open().ask([answered(503), 'done'], 'm', false)
    assert.equal(failureOf(settled).exhausted, false)
    assert.equal(made.length, 1)
  })

  it('tries no other region for a regional key or endpoint', async () => {
    const endpoint = `ocid1.generativeaiendpoint.oc1.us-chicago-1.${'a'.repeat(60)}`
    const regions = [CHICAGO, FRANKFURT] as const
    const dedicated = await open({ regions: [...regions] }).ask([answered(404)], endpoint)
    const bearer = await open({ regions: [...regions], regional: true }).ask([answered(404)])
    assert.deepEqual([dedicated.regions, bearer.regions], [['us-chicago-1'], ['us-chicago-1']])
  })

  it('fails without a call while the circuit is open', async () => {
    const gateway = open({ retry: { maxAttempts: 1 } })
    for (let count = 0; count < 10; count++) await gateway.ask([answered(503)])
    const { settled, made } = await gateway.ask(['done'])
    const { code, exhausted, reason, retryAfter, attempts } = failureOf(settled)
    assert.deepEqual(
      { code, exhausted, reason, retryAfter, attempts, calls: made.length },
      {
        code: 'upstream_unavailable',
        exhausted: true,
        reason: 'circuit_open',
        retryAfter: 15,
        attempts: 0,
        calls: 0,
      },
    )
  })

  it('tries another region while a circuit is open', async () => {
    const gateway = open({ regions: [CHICAGO, FRANKFURT], breaker: { minimumRequests: 1 } })
    await gateway.ask([answered(503), 'done'], 'm')
    const admission = gateway.dependencies.breaker.acquire('us-chicago-1 other')
    assert.equal(admission.type, 'admitted')
    admission.call.record({ type: 'failed', retryAfter: 9_000, mayBeContent: false })
    const { regions } = await gateway.ask(['done'], 'other')
    assert.deepEqual(regions, ['eu-frankfurt-1'])
  })

  for (
    const [made, ends, isOpen] of [
      [9, [...Array(9).keys()], false],
      [10, [...Array(10).keys()], true],
      [10, [0, 1, 2, 3], false],
      [10, [4, 5, 6, 7, 8, 9], true],
    ] as const
  ) {
    it(`B2: counts each of ${made} streams once, ${ends.length} of which fail`, async () => {
      const gateway = open()
      for (let count = 0; count < made; count++) {
        const { outcome } = await gateway.stream()
        if (ends.some((end) => end === count)) {
          outcome.fail(new ApiError('upstream_incomplete', 'cut'))
          outcome.fail(new ApiError('upstream_incomplete', 'cut again'))
        } else outcome.succeed()
      }
      assert.equal(isCircuitOpen(gateway.dependencies), isOpen)
    })
  }

  it('B2: counts no stream that is not read or that its client aborts', async () => {
    const gateway = open({ breaker: { minimumRequests: 1 } })
    await gateway.stream()
    const { outcome } = await gateway.stream()
    outcome.abandon()
    outcome.fail(new ApiError('upstream_incomplete', 'cut'))
    assert.ok(!isCircuitOpen(gateway.dependencies))
  })

  it('C1 counts no failure when the client disconnects', async () => {
    const gateway = open({ breaker: { minimumRequests: 1 } })
    await gateway.ask([new ApiError('client_closed', 'left')])
    assert.ok(!isCircuitOpen(gateway.dependencies))
  })

  it('C1 counts no success when the client disconnects', async () => {
    const gateway = open({ breaker: { minimumRequests: 2 }, retry: { maxAttempts: 1 } })
    const { outcome } = await gateway.stream()
    for (const _ of [1, 2]) await gateway.ask([answered(503)])
    outcome.fail(new ApiError('client_closed', 'left'))
    assert.ok(isCircuitOpen(gateway.dependencies))
  })

  it('retries nothing when the budget is exhausted', async () => {
    const gateway = open({ breaker: { minimumRequests: 0 } })
    for (let count = 0; count < 3; count++) {
      await gateway.ask([503, 503, 503].map((s) => answered(s)))
    }
    const { settled, made } = await gateway.ask([answered(503), 'done'])
    assert.equal(failureOf(settled).exhausted, true)
    assert.equal(made.length, 1)
  })

  it('stops waiting when the client disconnects', () =>
    withFakeClock(async (clock) => {
      const { dependencies } = open()
      const controller = new AbortController()
      const reason = new ApiError('client_closed', 'x')
      const waiting = makeAttempts(
        () => Promise.reject(answered(429, 20)),
        { model: 'm', signal: controller.signal, trace: createTrace(), isLastModel: true },
        dependencies,
      )
      const stopped = assert.rejects(waiting, reason)
      await clock.advance(5)
      controller.abort(reason)
      await stopped
    }))
})

function isCircuitOpen({ breaker }: Pick<AttemptDependencies, 'breaker'>): boolean {
  return breaker.acquire('us-chicago-1 xai.grok-4').type === 'circuit-open'
}
