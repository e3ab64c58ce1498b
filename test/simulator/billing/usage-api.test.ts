import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Caller, chatBody, COMPARTMENT, createCaller, NOW } from '../caller.ts'

const DAY = 86_400_000

interface Item {
  skuPartNumber: string | null
  unit: string | null
  computedQuantity: number
  computedAmount: number
  timeUsageStarted: string
}

function usageBody(caller: Caller, changes: object = {}): object {
  return {
    tenantId: caller.identity.tenancy,
    timeUsageStarted: '2026-11-01T00:00:00Z',
    timeUsageEnded: '2026-12-01T00:00:00Z',
    granularity: 'DAILY',
    queryType: 'COST',
    groupBy: ['skuPartNumber', 'unit'],
    ...changes,
  }
}

async function usageOf(caller: Caller, changes: object = {}): Promise<Item[]> {
  const body = usageBody(caller, changes)
  const response = await caller.send({ path: '/20200107/usage?limit=100', body })
  assert.equal(response.status, 200, await response.clone().text())
  const { items }: { items: Item[] } = await response.json()
  return items
}

function user(text: string): object {
  return { messages: [{ role: 'USER', content: [{ type: 'TEXT', text }] }] }
}

describe('the Usage API', () => {
  it('answers what was billed, by day and part number', async () => {
    let now = NOW
    const caller = await createCaller({ now: () => now })
    await caller.chat('openai.gpt-oss-120b', user('one two three'))
    now += DAY
    const date = now
    await caller.send({
      date,
      body: chatBody('openai.gpt-oss-120b', { ...user('four five'), isStream: true, maxTokens: 2 }),
    })
    const body = usageBody(caller)
    const response = await caller.send({ path: '/20200107/usage?limit=100', body, date })
    const { items }: { items: Item[] } = await response.json()
    const found = items.map(({ skuPartNumber, computedQuantity, timeUsageStarted }) => [
      ...[timeUsageStarted.slice(0, 10), skuPartNumber],
      Math.round(computedQuantity * 1_000_000),
    ])
    assert.deepEqual(found.filter(([, part]) => part === 'B112004'), [
      ['2026-11-22', 'B112004', 3],
      ['2026-11-23', 'B112004', 2],
    ])
    assert.equal(found.find(([day, part]) => day === '2026-11-23' && part === 'B112005')?.[2], 2)
  })

  it('bills characters of Llama, embeddings, and search units, and no dedicated cluster', async () => {
    const caller = await createCaller()
    await caller.chat('meta.llama-3.3-70b-instruct', { ...user('日本👍'), maxTokens: 1 })
    const onDemand = (modelId: string) => ({
      compartmentId: COMPARTMENT,
      servingMode: { servingType: 'ON_DEMAND', modelId },
    })
    await caller.send({
      path: '/20231130/actions/embedText',
      body: { ...onDemand('cohere.embed-v4.0'), inputs: ['abc', 'é'] },
    })
    await caller.send({
      path: '/20231130/actions/rerankText',
      body: {
        ...onDemand('cohere.rerank-v4.0-fast'),
        input: 'x',
        documents: Array.from({ length: 101 }, () => 'y'),
      },
    })
    const items = await usageOf(caller, { granularity: 'TOTAL' })
    const quantities = Object.fromEntries(
      items.map((item) => [item.skuPartNumber, [item.computedQuantity, item.unit]]),
    )
    assert.deepEqual(quantities, {
      // "This" is the answer of one token.
      B108080: [7 / 10_000, '10,000 Transactions'],
      B108079: [4 / 10_000, '10,000 Transactions'],
      B112424: [2 / 1_000, '1000 Search Units'],
    })
  })

  it('bills cached tokens, and the rates of long prompts', async () => {
    const caller = await createCaller()
    await caller.chat('xai.grok-4.3', { ...user('word '.repeat(200_000)), maxTokens: 1 })
    const units = new Map(
      (await usageOf(caller)).map((item) => [item.skuPartNumber, item.computedQuantity * 1e6]),
    )
    assert.equal(units.get('B112083'), 1)
    assert.equal(units.get('B112084'), 199_999)
    assert.equal(units.has('B112080'), false)
  })

  it('bills nothing for a call that it refuses', async () => {
    const caller = await createCaller()
    await caller.chat('xai.grok-4.3', { ...user('x'), maxTokens: -1 })
    await caller.chat('xai.grok-4.3.sim-status=500', user('x'))
    assert.deepEqual(await usageOf(caller), [])
  })

  it('knows a day only after the lag', async () => {
    let now = NOW
    const caller = await createCaller({ now: () => now, usageLag: 3_600_000 })
    await caller.chat('openai.gpt-oss-20b', user('x'))
    assert.deepEqual(await usageOf(caller), [])
    now = Date.UTC(2026, 10, 23, 1)
    const response = await caller.send({
      path: '/20200107/usage',
      body: usageBody(caller),
      date: now,
    })
    const { items }: { items: Item[] } = await response.json()
    assert.equal(items.length, 2)
  })

  it('answers in pages', async () => {
    const caller = await createCaller()
    await caller.chat('openai.gpt-oss-20b', user('x'))
    const path = '/20200107/usage?limit=1'
    const first = await caller.send({ path, body: usageBody(caller) })
    const next = first.headers.get('opc-next-page')
    assert.ok(next)
    const second = await caller.send({ path: `${path}&page=${next}`, body: usageBody(caller) })
    assert.equal((await second.json()).items.length, 1)
    assert.equal(second.headers.get('opc-next-page'), null)
  })

  const invalid: [name: string, changes: object, status: number][] = [
    ['another tenancy', { tenantId: 'ocid1.tenancy.oc1..other' }, 404],
    ['a time of day', { timeUsageStarted: '2026-11-01T00:30:00Z' }, 400],
    ['no time', { timeUsageEnded: undefined }, 400],
    ['an empty time', { timeUsageEnded: '2026-11-01T00:00:00Z' }, 400],
    ['an unknown granularity', { granularity: 'YEARLY' }, 400],
    ['an unknown query', { queryType: 'x' }, 400],
    ['an unknown dimension', { groupBy: ['sku'] }, 400],
    ['an unknown field', { group: [] }, 400],
  ]
  for (const [name, changes, status] of invalid) {
    it(`rejects ${name}`, async () => {
      const caller = await createCaller()
      const body = usageBody(caller, changes)
      assert.equal((await caller.send({ path: '/20200107/usage', body })).status, status)
    })
  }

  it('needs a signature, and only the host of the Usage API serves it', async () => {
    const caller = await createCaller()
    const unsigned = new Request('http://127.0.0.1:4010/20200107/usage', { method: 'POST' })
    assert.equal((await caller.fetch(unsigned)).status, 401)
    const other = new Request(
      'https://generativeai.us-chicago-1.oci.oraclecloud.com/20200107/usage',
      {
        method: 'POST',
      },
    )
    assert.equal((await caller.fetch(other)).status, 404)
  })
})
