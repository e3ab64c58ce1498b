import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RateLimitState } from '../../src/oci/resilience/place.ts'
import { createCapacity } from '../../src/simulator/capacity.ts'
import { valueOf } from '../telemetry/metrics/read-metrics.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'

const GROK = 'xai.grok-4'
const env = { GATEWAY_API_KEYS: 'sk-greedy,sk-modest' }
/** Long enough for a busy machine. */
const config = { rateLimitQueue: { maxSeconds: 600 } }

function ask({ fetch }: TestGateway, key: string, body: object = {}, signal?: AbortSignal) {
  return fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: GROK, messages: [{ role: 'user', content: 'Hi' }], ...body }),
    ...(signal && { signal }),
  })
}

/** Opens a stream that holds its place until its client disconnects. */
async function openStream(gateway: TestGateway): Promise<AbortController> {
  const client = new AbortController()
  const messages = [{ role: 'user', content: 'Hi [[sim:stall-after=1]]' }]
  const { body, status } = await ask(
    gateway,
    'sk-greedy',
    { messages, stream: true },
    client.signal,
  )
  assert.equal(status, 200)
  await body?.getReader().read()
  return client
}

async function rateLimits({ fetch }: TestGateway): Promise<RateLimitState[]> {
  const response = await fetch('/readyz?verbose', {
    headers: { authorization: 'Bearer sk-modest' },
  })
  return (await response.json()).rateLimits
}

/** The metric of the requests that wait. */
async function queuedRequests({ fetch }: TestGateway): Promise<number> {
  const response = await fetch('/metrics', { headers: { authorization: 'Bearer sk-modest' } })
  return valueOf(await response.text(), 'gateway_queued_requests', {})
}

async function untilQueued(gateway: TestGateway, expected: number): Promise<void> {
  const end = performance.now() + 60_000
  for (;;) {
    const queued = (await rateLimits(gateway)).reduce((sum, { queued }) => sum + queued, 0)
    if (queued === expected) return
    assert.ok(performance.now() < end, `${queued} requests wait instead of ${expected}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

// Most of the time passes in a queue.
describe('the gateway', { concurrency: true }, () => {
  it('lets clients take turns while OCI answers 429', async () => {
    const capacity = createCapacity({ max: 4, delay: 10, retryAfter: 1 })
    const gateway = await openTestGateway({ env, config, capacity })
    // They hold all places, so that no request leaves the queue before all are in it.
    const streams = await Promise.all(Array.from({ length: 4 }, () => openStream(gateway)))
    let greedyDone = 0
    const greedy = Array.from({ length: 40 }, async () => {
      const { status } = await ask(gateway, 'sk-greedy')
      greedyDone++
      return status
    })
    await untilQueued(gateway, 40)
    const late = Promise.all([ask(gateway, 'sk-modest'), ask(gateway, 'sk-modest')])
    await untilQueued(gateway, 42)
    for (const stream of streams) stream.abort()
    const modest = await late
    const doneBefore = greedyDone
    const statuses = [...modest.map(({ status }) => status), ...await Promise.all(greedy)]
    assert.deepEqual(new Set(statuses), new Set([200]), 'no request ends as 429')
    assert.ok(doneBefore < 20, `${doneBefore} requests of the greedy client were first`)
    assert.ok(capacity.rejected <= 60, `${capacity.rejected} calls were rejected`)
  })

  it('reports limits, and a stream holds its place until it ends', async () => {
    // After this Retry-After, no further call is tried for 40 seconds.
    const capacity = createCapacity({ max: 1, retryAfter: 2 })
    const gateway = await openTestGateway({ env, config, capacity })
    const stream = await openStream(gateway)
    const waiting = ask(gateway, 'sk-modest')
    await untilQueued(gateway, 1)
    const [state] = await rateLimits(gateway)
    assert.deepEqual(state, {
      region: 'us-chicago-1',
      model: GROK,
      limit: 1,
      running: 1,
      queued: 1,
    })
    assert.equal(await queuedRequests(gateway), 1)
    stream.abort()
    assert.equal((await waiting).status, 200)
    assert.equal(await queuedRequests(gateway), 0)
  })

  it('removes the request of a client that disconnects from the queue', async () => {
    // After this Retry-After, no further call is tried for 40 seconds.
    const capacity = createCapacity({ max: 1, retryAfter: 2 })
    const gateway = await openTestGateway({ env, config, capacity })
    const stream = await openStream(gateway)
    const client = new AbortController()
    const left = ask(gateway, 'sk-modest', {}, client.signal)
    await untilQueued(gateway, 1)
    const calls = gateway.calls.length
    client.abort()
    await untilQueued(gateway, 0)
    stream.abort()
    await Promise.allSettled([left])
    assert.equal(gateway.calls.length, calls)
  })

  it('answers 429 with retry-after when the time in the queue is over', async () => {
    const gateway = await openTestGateway({
      env,
      config: { rateLimitQueue: { maxSeconds: 0.4 } },
      capacity: createCapacity({ max: 0 }),
    })
    const response = await ask(gateway, 'sk-modest')
    assert.equal(response.status, 429)
    assert.equal((await response.json()).error.code, 'rate_limit_exceeded')
    const stream = createCapacity({ max: 1 })
    const busy = await openTestGateway({
      env,
      config: { rateLimitQueue: { maxSeconds: 0.4 } },
      capacity: stream,
    })
    const holder = await openStream(busy)
    const late = await ask(busy, 'sk-modest')
    assert.equal(late.status, 429)
    assert.equal(late.headers.get('retry-after'), '1')
    holder.abort()
  })

  it('does not wait in a queue that is disabled', async () => {
    const gateway = await openTestGateway({
      env,
      config: { rateLimitQueue: { maxPerClient: 0 } },
      capacity: createCapacity({ max: 0 }),
    })
    const response = await ask(gateway, 'sk-modest')
    assert.deepEqual([response.status, gateway.calls.length], [429, 3])
    assert.deepEqual(await rateLimits(gateway), [])
  })
})
