import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createObjectOwners } from '../../src/access/object-owners.ts'
import { createStoreGuard } from '../../src/access/store-guard.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'

const DAY = 24 * 60 * 60 * 1000

/** Owners in a process, on a clock of their own. */
function open({ store = createMemoryStore(), maxEntries = 100 } = {}) {
  const clock = { now: 0 }
  const guard = createStoreGuard(() => clock.now, () => {})
  return { clock, store, owners: createObjectOwners(() => clock.now, { store, guard }, maxEntries) }
}

/** Owners whose store works again, after it has refused that `resp_1` belongs to Ann. */
async function openAfterOutage() {
  const store = createMemoryStore()
  let isDown = true
  const putObjects: typeof store.putObjects = (...args) =>
    isDown ? Promise.reject(new Error('down')) : store.putObjects(...args)
  const { owners, clock } = open({ store: { ...store, putObjects } })
  await owners.record(['resp_1'], 'ann', 'response')
  isDown = false
  clock.now = 1_000
  return { store, owners }
}

describe('createObjectOwners()', () => {
  it('knows an object of its owner only', async () => {
    const { owners } = open()
    await owners.record(['file-1'], 'ann', 'object')
    assert.deepEqual(await owners.owned(['file-1', 'file-2'], 'ann'), new Set(['file-1']))
    assert.deepEqual(await owners.owned(['file-1'], 'bob'), new Set())
  })

  it('keeps the first owner', async () => {
    const { owners } = open()
    await owners.record(['file-1'], 'ann', 'object')
    await owners.record(['file-1'], 'bob', 'object')
    assert.deepEqual(await owners.owned(['file-1'], 'bob'), new Set())
  })

  it('knows objects of other processes and of earlier ones through the store', async () => {
    const { owners, store } = open()
    await owners.record(['vs_1'], 'ann', 'object')
    await owners.record(['resp_1'], 'ann', 'response')
    const later = open({ store })
    const ids = ['vs_1', 'resp_1']
    assert.deepEqual(await later.owners.owned(ids, 'ann'), new Set(ids))
    assert.deepEqual(await later.owners.owned(ids, 'bob'), new Set())
  })

  it('writes what belongs to a response at once, and nothing twice', async () => {
    const store = createMemoryStore()
    const written: string[][] = []
    const putObjects: typeof store.putObjects = (objects, now) => {
      written.push(objects.map(({ id }) => id))
      return store.putObjects(objects, now)
    }
    const { owners } = open({ store: { ...store, putObjects } })
    await owners.record(['resp_1'], 'ann', 'response')
    await owners.record(['resp_1', 'rs_1', 'msg_1'], 'ann', 'response')
    await owners.record(['resp_1', 'rs_1', 'msg_1'], 'ann', 'response')
    await owners.record([], 'ann', 'object')
    assert.deepEqual(written, [['resp_1'], ['rs_1', 'msg_1']])
  })

  it('writes again what the store has refused', async () => {
    const { store, owners } = await openAfterOutage()
    await owners.record(['resp_1'], 'ann', 'response')
    assert.deepEqual(await open({ store }).owners.owned(['resp_1'], 'ann'), new Set(['resp_1']))
  })

  it('keeps the first owner that the store has refused', async () => {
    const { store, owners } = await openAfterOutage()
    await owners.record(['resp_1'], 'bob', 'response')
    assert.deepEqual(await owners.owned(['resp_1'], 'bob'), new Set())
    assert.deepEqual(await open({ store }).owners.owned(['resp_1'], 'bob'), new Set())
  })

  it('knows objects that memory has no place for', async () => {
    const { owners } = open({ maxEntries: 2 })
    const ids = ['file-1', 'file-2', 'file-3', 'file-4']
    for (const id of ids) await owners.record([id], 'ann', 'object')
    for (const id of ids) assert.deepEqual(await owners.owned([id], 'ann'), new Set([id]), id)
  })

  it('forgets a response after 30 days, and a file never', async () => {
    const { owners, clock } = open()
    await owners.record(['resp_1'], 'ann', 'response')
    await owners.record(['file-1'], 'ann', 'object')
    clock.now = 30 * DAY - 1
    assert.equal((await owners.owned(['resp_1', 'file-1'], 'ann')).size, 2)
    clock.now = 30 * DAY
    assert.deepEqual(await owners.owned(['resp_1', 'file-1'], 'ann'), new Set(['file-1']))
  })

  it('forgets a deleted object in the store, too', async () => {
    const { owners, store } = open()
    await owners.record(['file-1'], 'ann', 'object')
    await owners.forget('file-1')
    assert.deepEqual(await owners.owned(['file-1'], 'ann'), new Set())
    assert.deepEqual(await open({ store }).owners.owned(['file-1'], 'ann'), new Set())
  })

  it('keeps a new object in memory when the store fails, and reports that it cannot read', async () => {
    const store = {
      ...createMemoryStore(),
      putObjects: () => Promise.reject(new Error('down')),
      findObjects: () => Promise.reject(new Error('down')),
    }
    const { owners } = open({ store })
    await owners.record(['file-1'], 'ann', 'object')
    assert.deepEqual(await owners.owned(['file-1'], 'ann'), new Set(['file-1']))
    await assert.rejects(owners.owned(['file-2'], 'ann'), { code: 'store_unavailable' })
  })
})
