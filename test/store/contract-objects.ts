import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { OwnedObject } from '../../src/store/records.ts'
import type { Store } from '../../src/store/store.ts'
import type { WithStore } from './contract.ts'

const file = (id: string, owner = 'ann'): OwnedObject => ({ id, owner, expiresAt: undefined })

/** Tests the owners of objects. */
export function testObjects(withStore: WithStore): void {
  it('keeps the first owner of an object until it is deleted', withStore(keepsOwners))
  it('forgets an object when its record expires', withStore(expires))
  it('finds many objects at once', withStore(findsMany))
}

async function keepsOwners(store: Store): Promise<void> {
  await store.putObjects([file('file-1'), file('vs_1', 'team:art')], 1_000)
  await store.putObjects([file('file-1', 'bob'), file('file-2', 'bob')], 1_000)
  assert.deepEqual(byId(await store.findObjects(['vs_1', 'file-2', 'none', 'file-1'], 1_000)), [
    file('file-1'),
    file('file-2', 'bob'),
    file('vs_1', 'team:art'),
  ])
  await store.deleteObject('file-1')
  await store.deleteObject('none')
  assert.deepEqual(await store.findObjects(['file-1'], 1_000), [])
  await store.putObjects([file('file-1', 'bob')], 1_000)
  assert.deepEqual(await store.findObjects(['file-1'], 1_000), [file('file-1', 'bob')])
}

async function expires(store: Store): Promise<void> {
  const response: OwnedObject = { id: 'resp_1', owner: 'ann', expiresAt: 2_000 }
  await store.putObjects([response, file('file-1')], 1_000)
  assert.deepEqual(await store.findObjects(['resp_1'], 1_999), [response])
  assert.deepEqual(await store.findObjects(['resp_1'], 2_000), [])
  // An expired record does not block a new one.
  const next = { ...response, owner: 'bob', expiresAt: 5_000 }
  await store.putObjects([next], 3_000)
  assert.deepEqual(await store.findObjects(['resp_1'], 3_000), [next])
  assert.deepEqual(await store.findObjects(['file-1'], 1e15), [file('file-1')])
}

async function findsMany(store: Store): Promise<void> {
  const objects = Array.from({ length: 230 }, (_, index) => file(`file-${1_000 + index}`))
  await store.putObjects(objects, 0)
  const ids = objects.map(({ id }) => id)
  assert.deepEqual(byId(await store.findObjects(ids, 0)), objects)
  assert.deepEqual(await store.findObjects([], 0), [])
  await store.putObjects([], 0)
}

function byId(objects: readonly OwnedObject[]): OwnedObject[] {
  return objects.toSorted((one, other) => one.id < other.id ? -1 : 1)
}
