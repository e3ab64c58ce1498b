import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type CircuitBreaker,
  type CircuitDecision,
  createCircuitBreaker,
} from '../../../src/oci/resilience/circuit-breaker.ts'
import type { CallOutcome } from '../../../src/oci/resilience/circuit.ts'

const POLICY = { minimumRequests: 10, failureRatio: 0.5, openDuration: 15_000 }
const FAILED: CallOutcome = { type: 'failed', retryAfter: undefined, mayBeContent: false }
const CONTENT: CallOutcome = { ...FAILED, mayBeContent: true }
const SUCCEEDED: CallOutcome = { type: 'succeeded' }
const T = 'us-chicago-1 xai.grok-4'

interface Bench {
  breaker: CircuitBreaker
  time: { now: number }
}

function open({ policy = POLICY, random = 0 } = {}): Bench {
  const time = { now: 1_000_000 }
  return { breaker: createCircuitBreaker(policy, () => time.now, () => random), time }
}

/** Makes a number of parallel calls with one outcome. */
function noteTimes(
  { breaker }: Bench,
  times: number,
  outcome: CallOutcome,
  { target = T, client = 'a' } = {},
): void {
  const calls = Array.from({ length: times }, () => breaker.acquire(target, client))
  for (const call of calls) end(call, outcome)
}

function end(admission: CircuitDecision, outcome: CallOutcome): void {
  assert.equal(admission.type, 'admitted')
  admission.call.record(outcome)
}

const rounds: [name: string, failed: number, succeeded: number, opens: boolean][] = [
  ['opens when all of ten calls failed', 10, 0, true],
  ['opens when half of ten calls failed', 5, 5, true],
  ['stays closed when fewer failed', 4, 6, false],
  ['stays closed after nine calls', 9, 0, false],
]

describe('createCircuitBreaker()', () => {
  for (const [name, failed, succeeded, opens] of rounds) {
    it(name, () => {
      const bench = open()
      noteTimes(bench, succeeded, SUCCEEDED)
      noteTimes(bench, failed, FAILED)
      assert.equal(bench.breaker.acquire(T, 'a').type, opens ? 'circuit-open' : 'admitted')
    })
  }

  it('has a circuit for each target', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    assert.equal(bench.breaker.acquire('eu-frankfurt-1 xai.grok-4', 'a').type, 'admitted')
  })

  it('reports how long it stays open, with up to a fifth more at random', () => {
    const bench = open({ random: 0.5 })
    noteTimes(bench, 10, FAILED)
    assert.deepEqual(bench.breaker.acquire(T, 'a'), {
      type: 'circuit-open',
      milliseconds: 16_500,
      rateLimited: false,
    })
  })

  it('allows one test call, and all calls after its success', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    bench.time.now += 15_000
    const test = bench.breaker.acquire(T, 'a')
    assert.equal(bench.breaker.acquire(T, 'a').type, 'circuit-open')
    end(test, SUCCEEDED)
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
  })

  it('stays open when the test call fails', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    bench.time.now += 15_000
    end(bench.breaker.acquire(T, 'a'), FAILED)
    assert.equal(bench.breaker.acquire(T, 'a').type, 'circuit-open')
  })

  it('closes after a rejection of the test call', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    bench.time.now += 15_000
    end(bench.breaker.acquire(T, 'a'), { type: 'refused' })
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
  })

  it('allows another test call after an abandoned one', () => {
    const bench = open()
    const early = bench.breaker.acquire(T, 'a')
    noteTimes(bench, 10, FAILED)
    end(early, { type: 'abandoned' })
    assert.equal(bench.breaker.acquire(T, 'a').type, 'circuit-open')
    bench.time.now += 15_000
    end(bench.breaker.acquire(T, 'a'), { type: 'abandoned' })
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
    assert.equal(bench.breaker.acquire(T, 'a').type, 'circuit-open')
  })

  it('allows another test call if one does not end in time', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    bench.time.now += 15_000
    bench.breaker.acquire(T, 'a')
    bench.time.now += 15_000
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
  })

  it('ignores calls that are a minute old', () => {
    const bench = open()
    noteTimes(bench, 9, FAILED)
    bench.time.now += 60_000
    noteTimes(bench, 9, FAILED)
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
  })

  it('counts calls that are half a minute old', () => {
    const bench = open()
    noteTimes(bench, 5, FAILED)
    bench.time.now += 30_000
    noteTimes(bench, 5, FAILED)
    assert.equal(bench.breaker.acquire(T, 'a').type, 'circuit-open')
  })

  it('stays open for a Retry-After, then allows all calls', () => {
    const bench = open()
    noteTimes(bench, 1, { ...FAILED, retryAfter: 5_000 })
    assert.deepEqual(bench.breaker.acquire(T, 'a'), {
      type: 'circuit-open',
      milliseconds: 5_000,
      rateLimited: true,
    })
    bench.time.now += 4_990
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted', 'timers may be early')
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
  })

  it('stays open for a minute at most', () => {
    const bench = open()
    noteTimes(bench, 1, { ...FAILED, retryAfter: 1e12 })
    bench.time.now += 60_000
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
  })

  it('never opens when it is disabled', () => {
    const bench = open({ policy: { ...POLICY, minimumRequests: 0 } })
    noteTimes(bench, 50, { ...FAILED, retryAfter: 5_000 })
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
  })

  it('K11 keeps at most a thousand targets', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    for (let count = 0; count < 1_000; count++) {
      noteTimes(bench, 1, SUCCEEDED, { target: `r model-${count}` })
    }
    assert.equal(bench.breaker.acquire(T, 'b').type, 'admitted')
  })

  it('F5: rejections of invented models evict no real one', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    for (let count = 0; count < 1_000; count++) {
      noteTimes(bench, 1, { type: 'refused' }, { target: `r model-${count}` })
    }
    assert.equal(bench.breaker.acquire(T, 'b').type, 'circuit-open')
  })

  it('F5: failures that content may cause block only their own client', () => {
    const bench = open()
    noteTimes(bench, 100, CONTENT)
    assert.equal(bench.breaker.acquire(T, 'a').type, 'circuit-open')
    assert.equal(bench.breaker.acquire(T, 'b').type, 'admitted')
    noteTimes(bench, 1, CONTENT, { client: 'b' })
    assert.equal(bench.breaker.acquire(T, 'c').type, 'admitted')
  })

  it('F5: the same failures of several clients open the circuit for all', () => {
    const bench = open()
    for (const client of ['a', 'b', 'c', 'd', 'e']) noteTimes(bench, 2, CONTENT, { client })
    assert.equal(bench.breaker.acquire(T, 'f').type, 'circuit-open')
  })

  it('F5: failures independent of content open it for all, and so does a Retry-After', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    assert.equal(bench.breaker.acquire(T, 'b').type, 'circuit-open')
    const limited = open()
    noteTimes(limited, 1, { ...FAILED, retryAfter: 5_000 })
    assert.equal(limited.breaker.acquire(T, 'b').type, 'circuit-open')
    const content = open()
    noteTimes(content, 1, { ...CONTENT, retryAfter: 5_000 })
    assert.equal(content.breaker.acquire(T, 'a').type, 'circuit-open')
    assert.equal(content.breaker.acquire(T, 'b').type, 'admitted')
  })

  it('F5: content that fails in a test call does not block others', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED, { client: 'b' })
    bench.time.now += 15_000
    end(bench.breaker.acquire(T, 'a'), CONTENT)
    assert.equal(bench.breaker.acquire(T, 'b').type, 'admitted')
  })

  it('B2: counts one outcome of a call', () => {
    const bench = open()
    const calls = Array.from({ length: 5 }, () => bench.breaker.acquire(T, 'a'))
    for (const call of calls) {
      end(call, FAILED)
      end(call, FAILED)
      end(call, SUCCEEDED)
    }
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
  })

  it('B2: closes when a test call is being answered, and opens when it then fails', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    bench.time.now += 15_000
    const test = bench.breaker.acquire(T, 'a')
    assert.equal(test.type, 'admitted')
    test.call.begin()
    assert.equal(bench.breaker.acquire(T, 'a').type, 'admitted')
    end(test, FAILED)
    assert.equal(bench.breaker.acquire(T, 'a').type, 'circuit-open')
  })
})
