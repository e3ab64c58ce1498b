import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'node:test'
import type { Permit } from '../src/access/concurrency-limiter.ts'
import { createAppState } from '../src/app-state.ts'
import { DEFAULT_LIMITS, type Limits } from '../src/limits.ts'
import { createStoreServices } from '../src/metering/store-services.ts'
import type { StoredResponse } from '../src/openai/responses/store.ts'
import { createMemoryStore } from '../src/store/memory/store.ts'
import { runsOf } from './property-runs.ts'

const platform = { now: () => 0, log: () => {}, randomId: () => 'id' }
const POLICY = { timeZone: 'UTC', whenDown: undefined }
const limitsOf = (max: number, maxPerClient: number): Limits => ({
  ...DEFAULT_LIMITS,
  maxConcurrentRequests: max,
  maxConcurrentRequestsPerClient: maxPerClient,
})

/** A request that begins, one that ends, or another configuration. */
const step = fc.oneof(
  fc.record({ type: fc.constant('begin' as const), client: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ type: fc.constant('end' as const), index: fc.nat(20) }),
  fc.record({
    type: fc.constant('reload' as const),
    max: fc.integer({ min: 1, max: 6 }),
    maxPerClient: fc.integer({ min: 1, max: 4 }),
  }),
)

describe('createAppState()', () => {
  it('counts each request once and by the limits of the moment, across any configurations', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let [max, maxPerClient] = [3, 2]
        const state = createAppState({ limits: limitsOf(max, maxPerClient) }, platform, false)
        const running: Permit[] = []
        for (const each of steps) {
          switch (each.type) {
            case 'begin': {
              const own = running.filter(({ client }) => client === each.client).length
              const fits = running.length < max && own < maxPerClient
              const acquisition = state.limiter.acquire(each.client)
              assert.equal(acquisition.type, fits ? 'acquired' : 'rejected')
              if (acquisition.type === 'acquired') running.push(acquisition.permit)
              break
            }
            case 'end': {
              const [permit] = running.splice(each.index % Math.max(1, running.length), 1)
              if (permit) state.limiter.release(permit)
              break
            }
            case 'reload':
              ;[max, maxPerClient] = [each.max, each.maxPerClient]
              state.configure({ limits: limitsOf(max, maxPerClient) })
          }
          assert.equal(state.limiter.active, running.length)
        }
      }),
      runsOf(300),
    )
  })

  it('keeps the bytes of bodies, and applies another maximum to further ones', () => {
    const sizesOf = (maxBodyBytesInFlight: number) => ({
      limits: { ...DEFAULT_LIMITS, maxBodyBytes: 10, maxBodyBytesInFlight },
    })
    const { bodies, configure } = createAppState(sizesOf(100), platform, false)
    const held = bodies.reserve('a')
    assert.equal(held.add(50), true)
    configure(sizesOf(60))
    assert.deepEqual([bodies.active, bodies.max], [50, 60])
    assert.equal(bodies.reserve('b').add(11), false)
    assert.equal(bodies.reserve('b').add(10), true)
    held.release()
    assert.equal(bodies.active, 10)
  })

  it('applies other limits to shared responses that are stored later, and stores none without', async () => {
    const limits = { maxItems: 10, maxBytes: 100_000, ttl: 1_000, isShared: true }
    const stored = createStoreServices(createMemoryStore(), POLICY, platform)
    const { sharedResponses, configure } = createAppState(
      { responseStore: limits },
      platform,
      false,
      stored,
    )
    const response = (id: string) => ({ response: { id } }) as StoredResponse
    await sharedResponses?.put(response('resp_1'), 'ann')
    assert.deepEqual(await sharedResponses?.get('resp_1', 'ann'), response('resp_1'))
    configure({ responseStore: { ...limits, maxBytes: 1 } })
    await sharedResponses?.put(response('resp_2'), 'ann')
    assert.equal(await sharedResponses?.get('resp_2', 'ann'), undefined)
    configure({ responseStore: { ...limits, isShared: false } })
    await sharedResponses?.put(response('resp_3'), 'ann')
    assert.equal(await sharedResponses?.get('resp_3', 'ann'), undefined)
  })
})
