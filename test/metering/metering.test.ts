import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createStoreGuard } from '../../src/access/store-guard.ts'
import { createMetering } from '../../src/metering/metering.ts'
import { newPrice } from '../../src/prices/new-price.ts'
import { storePrice } from '../../src/prices/price-book.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { Store } from '../../src/store/store.ts'
import { changeOf, keyOf } from '../store/records.ts'

const MODEL = 'xai.grok-4.7'
const REQUEST = {
  ...{ requestId: 'r', api: 'chat', identity: undefined, startedAt: 0, client: '' },
}

/** A store with the operator's price of a model: one dollar for a token. */
async function openStore(): Promise<Store> {
  const store = createMemoryStore()
  const result = newPrice({ model: MODEL, input: '1', per: 1 }, '2026-11-28')
  assert.ok(result.type === 'price')
  await store.setPrice(storePrice(result.price), changeOf('set', MODEL))
  return store
}

function meteringOf(store: Store, now = () => 0) {
  let id = 0
  return createMetering({
    store,
    guard: createStoreGuard(now, () => {}),
    policy: { timeZone: 'UTC', whenDown: undefined },
    platform: { now, log() {}, randomId: () => String(id++) },
  })
}

/** The cost of one prompt token, in nano-dollars. */
async function costOf(metering: ReturnType<typeof meteringOf>): Promise<number | undefined> {
  const meter = await metering.begin(REQUEST)
  const prompt = { type: 'texts', texts: ['a'] } as const
  const use = await meter.reserve({
    model: MODEL,
    endpoint: 'native',
    prompt,
    calls: 1,
    answers: 1,
  })
  return use.begin('us-chicago-1', false).usage({ prompt: 1, completion: 0 })
}

describe('createMetering()', () => {
  it("prices requests that arrive together at the start by the operator's prices", async () => {
    const metering = meteringOf(await openStore())
    const costs = await Promise.all([costOf(metering), costOf(metering), costOf(metering)])
    assert.deepEqual(costs, [1e9, 1e9, 1e9])
  })

  it('accepts a request at once when the only one that may run has ended', async () => {
    const metering = meteringOf(await openStore())
    const key = keyOf('one', { limits: { concurrency: 1 } })
    const prompt = { type: 'texts', texts: ['a'] } as const
    for (let count = 0; count < 3; count++) {
      const meter = await metering.begin({ ...REQUEST, identity: { key, team: undefined } })
      const planned = { model: MODEL, endpoint: 'native', prompt, calls: 1, answers: 1 } as const
      const use = await meter.reserve(planned)
      use.begin('us-chicago-1', false).usage({ prompt: 1, completion: 0 })
      const ended = { requestedModel: MODEL, status: 200, outcome: 'complete' } as const
      meter.end({ ...ended, opcRequestId: undefined, endedAt: 0 })
    }
    await metering.flush()
  })

  it('reads what was learnt again if the store failed at the start', async () => {
    const store = await openStore()
    let reads = 0
    const failing: Store = {
      ...store,
      listRatios() {
        reads++
        return reads === 1 ? Promise.reject(new Error('no')) : store.listRatios()
      },
    }
    let time = 0
    const metering = meteringOf(failing, () => time)
    for (let request = 0; request < 3; request++) {
      await metering.begin(REQUEST)
      time += 1_000
    }
    assert.equal(reads, 2)
  })
})
