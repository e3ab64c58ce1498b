import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import type { CallEnd, Place, QueuedCall } from '../../../src/oci/resilience/place.ts'
import {
  createRateLimitQueue,
  DEFAULT_RATE_LIMIT_QUEUE,
  type RateLimitQueuePolicy,
} from '../../../src/oci/resilience/rate-limit-queue.ts'
import { VirtualTime } from '../../virtual-time.ts'

const SUCCEEDED: CallEnd = { type: 'succeeded' }
const rejected = (retryAfter?: number): CallEnd => ({ type: 'rejected', retryAfter })

function open(policy: Partial<RateLimitQueuePolicy> = {}, time = new VirtualTime()) {
  const queue = createRateLimitQueue({ ...DEFAULT_RATE_LIMIT_QUEUE, ...policy }, time)
  assert.ok(queue)
  const begun: string[] = []
  const acquire = (client: string, part: Partial<QueuedCall> = {}) =>
    queue.acquire({
      ...{ region: 'r', model: 'm', client, signal: new AbortController().signal },
      ...{ mayWait: true, waited: 0, isRetry: false, ...part },
    })
  return {
    time,
    queue,
    acquire,
    /** The clients of the calls that began after a wait, in order. */
    begun,
    enter(client = 'a'): Place {
      const place = acquire(client)
      assert.ok(!(place instanceof Promise), 'begins at once')
      return place
    },
    /** Waits for a place; resolves with the place or the error. */
    wait(client: string, part: Partial<QueuedCall> = {}): Promise<Place | ApiError> {
      const place = acquire(client, part)
      assert.ok(place instanceof Promise, 'waits')
      return place.then((taken) => {
        begun.push(client)
        return taken
      }, (error) => {
        begun.push(`${client} failed`)
        return error
      })
    },
    /** Takes places until a 429 sets a limit of one call, and waits for the end of the pause. */
    async limitToOne(): Promise<Place> {
      const place = this.enter()
      this.enter().release(rejected())
      await time.advance(1_000)
      return place
    },
  }
}

/** A clock that reads half a millisecond less for a number of readings after each jump. */
class LateTime extends VirtualTime {
  readonly #readings: number
  #at = 0
  #left = 0

  constructor(readings: number) {
    super()
    this.#readings = readings
  }

  override now(): number {
    const now = super.now()
    if (now !== this.#at) this.#left = this.#readings
    this.#at = now
    return this.#left-- > 0 ? now - 0.5 : now
  }
}

function assertRateLimited(error: unknown, retryAfter: number): void {
  assert.ok(error instanceof ApiError)
  const { code, status, reason } = error
  assert.deepEqual([code, status, reason, error.retryAfter], [
    'rate_limit_exceeded',
    429,
    'rate_limited',
    retryAfter,
  ])
}

describe('createRateLimitQueue()', () => {
  it('sets no timer and makes no promise before the first 429', () => {
    const { enter, time, queue } = open()
    const places = Array.from({ length: 1_000 }, (_, index) => enter(`client${index}`))
    assert.equal(time.pending, 0)
    assert.deepEqual(queue.list(), [
      { region: 'r', model: 'm', limit: null, running: 1_000, queued: 0 },
    ])
    for (const place of places) place.release(SUCCEEDED)
    assert.deepEqual(queue.list(), [])
  })

  it('limits the calls to nine tenths of those that run after a 429', () => {
    const { enter, queue } = open()
    const places = Array.from({ length: 21 }, () => enter())
    places[20]?.release(rejected())
    assert.equal(queue.list()[0]?.limit, 18)
  })

  it('lowers the limit to the running calls for each 429 of a burst', () => {
    const { enter, queue } = open()
    const places = Array.from({ length: 100 }, () => enter())
    for (const place of places.slice(10)) place.release(rejected())
    assert.deepEqual(queue.list()[0], {
      region: 'r',
      model: 'm',
      limit: 10,
      running: 10,
      queued: 0,
    })
  })

  it('raises the limit while all places are taken', async () => {
    const gateway = open()
    const place = await gateway.limitToOne()
    await gateway.time.advance(3_999)
    place.release(SUCCEEDED)
    assert.equal(gateway.queue.list()[0]?.limit, 1, 'holds the level that OCI rejected')
    await gateway.time.advance(1)
    gateway.enter().release(SUCCEEDED)
    assert.equal(gateway.queue.list()[0]?.limit, 2)
  })

  it('tries one more call every 5 seconds while long calls hold all places', async () => {
    const gateway = open()
    await gateway.limitToOne()
    for (let count = 0; count < 3; count++) void gateway.wait('a')
    await gateway.time.advance(3_000)
    assert.equal(gateway.begun.length, 0)
    await gateway.time.advance(2_000)
    assert.equal(gateway.begun.length, 1)
    await gateway.time.advance(5_000)
    assert.equal(gateway.begun.length, 2)
  })

  it('begins no call before the end of Retry-After', async () => {
    const { enter, wait, time, begun } = open()
    enter().release(rejected(3_000))
    void wait('b')
    await time.advance(2_999)
    assert.deepEqual(begun, [])
    await time.advance(1)
    assert.deepEqual(begun, ['b'])
  })

  for (const readings of [0, 1, 2, 3, 4, 5]) {
    it(`begins a call after a pause that ends at clock reading ${readings}`, async () => {
      const { enter, wait, begun, time } = open({}, new LateTime(readings))
      enter().release(rejected(1_000))
      void wait('a')
      await time.advance(1_010)
      assert.deepEqual(begun, ['a'])
    })
  }

  it('gives free places to the clients in turn', async () => {
    const gateway = open()
    let place = await gateway.limitToOne()
    for (const client of ['a', 'a', 'a', 'a', 'b', 'b', 'c']) {
      void gateway.wait(client).then((taken) => {
        place = taken as Place
      })
    }
    for (let count = 0; count < 7; count++) {
      // A failure neither raises nor lowers the limit.
      place.release({ type: 'failed' })
      await gateway.time.advance(1_000)
    }
    assert.deepEqual(gateway.begun, ['a', 'b', 'c', 'a', 'b', 'a', 'a'])
    assert.equal(gateway.time.pending, 0)
  })

  it('lets a rejected request be the next one of its client', async () => {
    const gateway = open()
    const place = await gateway.limitToOne()
    void gateway.wait('a')
    const retried = gateway.wait('a', { isRetry: true, waited: 500 })
    place.release({ type: 'failed' })
    await gateway.time.advance(1_000)
    assert.equal((await retried as Place).waited, 500)
    assert.deepEqual(gateway.begun, ['a'])
  })

  it('removes a request from the queue when its client disconnects', async () => {
    const gateway = open()
    const place = await gateway.limitToOne()
    const client = new AbortController()
    const left = gateway.wait('b', { signal: client.signal })
    assert.equal(gateway.queue.list()[0]?.queued, 1)
    client.abort('gone')
    assert.equal(gateway.queue.list()[0]?.queued, 0)
    assert.equal(await left, 'gone')
    place.release({ type: 'failed' })
    await gateway.time.advance(30_000)
    assert.deepEqual([gateway.begun, gateway.time.pending], [['b failed'], 0])
  })

  it('rejects a request with 429 when it has waited too long', async () => {
    const gateway = open({ maxWait: 5_000 })
    await gateway.limitToOne()
    const late = gateway.wait('b', { waited: 2_000 })
    await gateway.time.advance(2_999)
    assert.deepEqual(gateway.begun, [])
    await gateway.time.advance(1)
    assertRateLimited(await late, 1)
  })

  it('rejects a request with 429 when the queue of its client is full, not of another', async () => {
    const gateway = open({ maxPerClient: 2 })
    await gateway.limitToOne()
    void gateway.wait('a')
    void gateway.wait('a')
    assert.throws(() => gateway.acquire('a'), { reason: 'rate_limited' })
    void gateway.wait('b')
    void gateway.wait('a', { isRetry: true })
    assert.equal(gateway.queue.list()[0]?.queued, 4)
  })

  it('rejects requests at once whose time ends before Retry-After', async () => {
    const gateway = open()
    const place = await gateway.limitToOne()
    const waiting = gateway.wait('b')
    place.release({ type: 'failed' })
    await gateway.time.advance(1)
    const taken = await waiting as Place
    const other = gateway.wait('b')
    taken.release(rejected(30_000))
    assertRateLimited(await other, 30)
    assert.throws(() => gateway.acquire('b'), { retryAfter: 30 })
  })

  it('rejects a call that may not wait', async () => {
    const gateway = open()
    await gateway.limitToOne()
    assert.throws(() => gateway.acquire('b', { mayWait: false }), { reason: 'rate_limited' })
  })

  it('ends a limit after a minute without a 429', async () => {
    const gateway = open()
    await gateway.limitToOne()
    await gateway.time.advance(59_000)
    assert.equal(gateway.queue.list()[0]?.limit, 1)
    await gateway.time.advance(1_000)
    assert.equal(gateway.queue.list()[0]?.limit, null)
    gateway.enter('b')
  })

  it('limits each model and region for itself', async () => {
    const gateway = open()
    await gateway.limitToOne()
    for (const other of [{ region: 'r2' }, { model: 'm2' }]) {
      assert.ok(!(gateway.acquire('a', other) instanceof Promise))
    }
  })

  it('counts a bounded number of models and clients', async () => {
    const gateway = open()
    for (let index = 0; index < 2_000; index++) gateway.acquire('a', { model: `m${index}` })
    assert.equal(gateway.queue.list().length, 1_000)
    const other = open()
    await other.limitToOne()
    for (let index = 0; index < 1_000; index++) void other.wait(`client${index}`)
    assert.throws(() => other.acquire('another'), { reason: 'rate_limited' })
    void other.wait('client1')
  })

  it('does not exist when the policy disables it', () => {
    assert.equal(createRateLimitQueue({ ...DEFAULT_RATE_LIMIT_QUEUE, maxPerClient: 0 }), undefined)
  })
})
