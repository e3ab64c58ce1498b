import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { ResponseLimits, ResponseRecord } from '../../src/store/response-record.ts'
import type { Store } from '../../src/store/store.ts'
import type { WithStore } from './contract.ts'

const UNLIMITED: ResponseLimits = { maxItems: 1e6, maxBytes: 1e9 }

/** Tests stored responses: their owners, their end and their limits. */
export function testResponses(withStore: WithStore): void {
  it('stores, reads and deletes a response of its owner', withStore(storesResponses))
  it('leaves an id with its first response', withStore(keepsFirst))
  it('deletes expired responses', withStore(deletesExpired))
  it('deletes the oldest responses over the limits', withStore(deletesOldest))
  it('stores a response from several clients at the same time', withStore(storesInParallel))
}

function responseOf(id: string, more: Partial<ResponseRecord> = {}): ResponseRecord {
  return { id, owner: 'ann', content: `{"id":"${id}"}`, createdAt: 1000, expiresAt: 9000, ...more }
}

async function storesResponses(store: Store): Promise<void> {
  const content = JSON.stringify({ text: 'Grüße \u0000 \u2028 😀 \ud800 ? $1 \'";--' })
  const one = responseOf('resp_1', { content })
  assert.equal(await store.putResponse(one), true)
  assert.equal(await store.putResponse(responseOf('resp_2', { owner: 'team:x' })), true)
  assert.deepEqual(await store.getResponse('resp_1', 'ann', 8999), one)
  assert.equal(await store.getResponse('resp_1', 'ann', 9000), undefined)
  assert.equal(await store.getResponse('resp_1', 'bob', 2000), undefined)
  assert.equal(await store.getResponse('resp_3', 'ann', 2000), undefined)
  assert.equal(await store.deleteResponse('resp_1', 'bob', 4000), false)
  assert.equal(await store.deleteResponse('resp_1', 'ann', 4000), true)
  assert.equal(await store.deleteResponse('resp_1', 'ann', 4000), false)
  assert.equal(await store.getResponse('resp_1', 'ann', 4000), undefined)
  assert.equal((await store.getResponse('resp_2', 'team:x', 4000))?.content, '{"id":"resp_2"}')
  assert.equal(await store.deleteResponse('resp_2', 'team:x', 9000), false)
}

async function keepsFirst(store: Store): Promise<void> {
  await store.putResponse(responseOf('resp_1'))
  assert.equal(await store.putResponse(responseOf('resp_1', { owner: 'bob' })), false)
  assert.equal(await store.putResponse(responseOf('resp_1', { content: '{}' })), false)
  assert.deepEqual(await store.getResponse('resp_1', 'ann', 2000), responseOf('resp_1'))
  assert.equal(await store.getResponse('resp_1', 'bob', 2000), undefined)
}

async function deletesExpired(store: Store): Promise<void> {
  for (let index = 0; index < 620; index++) {
    await store.putResponse(responseOf(`resp_${index}`, index < 600 ? { expiresAt: 2000 } : {}))
  }
  assert.equal(await store.pruneResponses(UNLIMITED, 2000), 600)
  assert.equal(await store.pruneResponses(UNLIMITED, 2000), 0)
  assert.equal(await store.getResponse('resp_599', 'ann', 1000), undefined)
  assert.ok(await store.getResponse('resp_600', 'ann', 1000))
}

async function deletesOldest(store: Store): Promise<void> {
  const ids = Array.from({ length: 10 }, (_, index) => `resp_${index}`)
  // 100 bytes each.
  const content = 'x'.repeat(50)
  for (const [index, id] of ids.entries()) {
    await store.putResponse(responseOf(id, { content, createdAt: 1000 + index }))
  }
  const remaining = async () => {
    const found = await Promise.all(ids.map((id) => store.getResponse(id, 'ann', 2000)))
    return found.flatMap((one) => one?.id ?? []).join(' ')
  }
  assert.equal(await store.pruneResponses({ maxItems: 10, maxBytes: 1000 }, 2000), 0)
  assert.equal(await store.pruneResponses({ ...UNLIMITED, maxItems: 8 }, 2000), 2)
  assert.equal(await store.pruneResponses({ ...UNLIMITED, maxBytes: 599 }, 2000), 3)
  assert.equal(await remaining(), 'resp_5 resp_6 resp_7 resp_8 resp_9')
  assert.equal(await store.pruneResponses({ maxItems: 0, maxBytes: 0 }, 2000), 5)
  assert.equal(await remaining(), '')
}

async function storesInParallel(store: Store): Promise<void> {
  const owners = ['ann', 'bob', 'eve']
  const ids = Array.from({ length: 10 }, (_, index) => `resp_${index}`)
  const results = await Promise.all(
    ids.flatMap((id) => owners.map((owner) => store.putResponse(responseOf(id, { owner })))),
  )
  assert.equal(results.filter(Boolean).length, ids.length)
}
