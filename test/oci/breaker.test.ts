import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Breaker, type CallOutcome, createBreaker } from '../../src/oci/breaker.ts'

const POLICY = { calls: 10, share: 0.5, rest: 15_000 }
const FAILED: CallOutcome = { type: 'failed', retryAfter: undefined }
const SUCCEEDED: CallOutcome = { type: 'succeeded' }
const T = 'us-chicago-1 xai.grok-4'

interface Bench {
  breaker: Breaker
  time: { now: number }
}

function open({ policy = POLICY, random = 0 } = {}): Bench {
  const time = { now: 1_000_000 }
  return { breaker: createBreaker(policy, () => time.now, () => random), time }
}

function noteTimes({ breaker }: Bench, times: number, outcome: CallOutcome, target = T): void {
  for (let count = 0; count < times; count++) breaker.note(target, outcome)
}

const rounds: [name: string, failed: number, succeeded: number, opens: boolean][] = [
  ['opens when all of ten calls failed', 10, 0, true],
  ['opens when half of them did', 5, 5, true],
  ['stays closed when fewer did', 4, 6, false],
  ['concludes nothing from nine', 9, 0, false],
]

describe('createBreaker()', () => {
  for (const [name, failed, succeeded, opens] of rounds) {
    it(name, () => {
      const bench = open()
      noteTimes(bench, succeeded, SUCCEEDED)
      noteTimes(bench, failed, FAILED)
      assert.equal(bench.breaker.admit(T).type, opens ? 'open-for' : 'admitted')
      assert.deepEqual(bench.breaker.open(), opens ? [T] : [])
    })
  }

  it('keeps each target apart', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    assert.equal(bench.breaker.admit('eu-frankfurt-1 xai.grok-4').type, 'admitted')
  })

  it('says how long it stays open, up to a fifth more at random', () => {
    const bench = open({ random: 0.5 })
    noteTimes(bench, 10, FAILED)
    assert.deepEqual(bench.breaker.admit(T), {
      type: 'open-for',
      milliseconds: 16_500,
      busy: false,
    })
  })

  it('lets one call find out, and all when it went well', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    bench.time.now += 15_000
    assert.equal(bench.breaker.admit(T).type, 'admitted')
    assert.equal(bench.breaker.admit(T).type, 'open-for')
    bench.breaker.note(T, SUCCEEDED)
    assert.equal(bench.breaker.admit(T).type, 'admitted')
    assert.equal(bench.breaker.admit(T).type, 'admitted')
  })

  it('stays open when that call failed', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    bench.time.now += 15_000
    bench.breaker.admit(T)
    bench.breaker.note(T, FAILED)
    assert.equal(bench.breaker.admit(T).type, 'open-for')
  })

  it('takes a refusal for a sign of life', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    bench.time.now += 15_000
    bench.breaker.admit(T)
    bench.breaker.note(T, { type: 'refused' })
    assert.equal(bench.breaker.admit(T).type, 'admitted')
    assert.equal(bench.breaker.admit(T).type, 'admitted')
  })

  it('learns nothing from a call that was given up: the next one finds out', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    bench.breaker.note(T, { type: 'given-up' })
    assert.equal(bench.breaker.admit(T).type, 'open-for')
    bench.time.now += 15_000
    bench.breaker.admit(T)
    bench.breaker.note(T, { type: 'given-up' })
    assert.equal(bench.breaker.admit(T).type, 'admitted')
    assert.equal(bench.breaker.admit(T).type, 'open-for')
  })

  it('waits no longer than a while for a call that never ended', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    bench.time.now += 15_000
    bench.breaker.admit(T)
    bench.time.now += 15_000
    assert.equal(bench.breaker.admit(T).type, 'admitted')
  })

  it('forgets what is a minute old', () => {
    const bench = open()
    noteTimes(bench, 9, FAILED)
    bench.time.now += 60_000
    noteTimes(bench, 9, FAILED)
    assert.equal(bench.breaker.admit(T).type, 'admitted')
  })

  it('remembers what is half a minute old', () => {
    const bench = open()
    noteTimes(bench, 5, FAILED)
    bench.time.now += 30_000
    noteTimes(bench, 5, FAILED)
    assert.equal(bench.breaker.admit(T).type, 'open-for')
  })

  it('waits as long as it is asked to, then lets all come', () => {
    const bench = open()
    bench.breaker.note(T, { type: 'failed', retryAfter: 5_000 })
    assert.deepEqual(bench.breaker.admit(T), { type: 'open-for', milliseconds: 5_000, busy: true })
    bench.time.now += 4_990
    assert.equal(bench.breaker.admit(T).type, 'admitted', 'timers may be early')
    assert.equal(bench.breaker.admit(T).type, 'admitted')
  })

  it('waits a minute at most', () => {
    const bench = open()
    bench.breaker.note(T, { type: 'failed', retryAfter: 1e12 })
    bench.time.now += 60_000
    assert.equal(bench.breaker.admit(T).type, 'admitted')
  })

  it('never opens where it is switched off', () => {
    const bench = open({ policy: { ...POLICY, calls: 0 } })
    noteTimes(bench, 50, { type: 'failed', retryAfter: 5_000 })
    assert.equal(bench.breaker.admit(T).type, 'admitted')
  })

  it('K11 remembers a thousand targets at most', () => {
    const bench = open()
    noteTimes(bench, 10, FAILED)
    for (let count = 0; count < 1_000; count++) bench.breaker.note(`r model-${count}`, SUCCEEDED)
    assert.equal(bench.breaker.admit(T).type, 'admitted')
  })
})
