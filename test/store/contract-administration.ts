import assert from 'node:assert/strict'
import { it } from 'node:test'
import { AUDIT_START, auditHash, findBrokenRow } from '../../src/store/audit.ts'
import type { TeamRecord } from '../../src/store/records.ts'
import type { Store } from '../../src/store/store.ts'
import type { WithStore } from './contract.ts'
import { changeOf, keyOf } from './records.ts'

/** Tests keys, teams, prices, ratios, the audit log and the revision. */
export function testAdministration(withStore: WithStore): void {
  it('creates, finds, changes and deletes keys', withStore(changesKeys))
  it('records when keys were used, without a step back', withStore(touchesKeys))
  it('creates the team of a key, and changes teams', withStore(changesTeams))
  it('keeps prices and ratios', withStore(keepsPrices))
  it('chains the audit log and counts revisions', withStore(chainsChanges))
  it('answers a ping', withStore((store) => store.ping()))
}

async function changesKeys(store: Store): Promise<void> {
  const key = keyOf('k1')
  assert.equal(await store.hasKeys(), false)
  assert.equal(await store.createKey(key, changeOf('create', 'k1')), true)
  const taken = keyOf('k2', { name: key.name })
  assert.equal(await store.createKey(taken, changeOf('create', 'k2')), false)
  assert.equal(await store.createKey(keyOf('k0', { name: 'k1' }), changeOf('create', 'k0')), true)
  assert.equal(await store.hasKeys(), true)
  assert.deepEqual(await store.findKey(key.hash), key)
  assert.deepEqual(await store.getKey('k1'), key)
  assert.deepEqual(await store.getKey(key.name), key)
  assert.equal(await store.findKey('other'), undefined)
  assert.equal(await store.getKey('other'), undefined)
  assert.deepEqual((await store.listKeys()).map(({ name }) => name), ['k1', 'name of k1'])
  const changed = keyOf('k1', { name: 'new', hash: 'new', disabled: true, limits: {}, models: [] })
  assert.equal(await store.updateKey(changed, changeOf('update', 'k1')), true)
  assert.deepEqual(await store.findKey('new'), changed)
  assert.equal(await store.findKey(key.hash), undefined)
  assert.equal(await store.updateKey(keyOf('k9'), changeOf('update', 'k9')), false)
  assert.equal(await store.updateKey(keyOf('k0', { name: 'new' }), changeOf('update', '')), false)
  assert.equal(await store.deleteKey('k1', changeOf('delete', 'k1')), true)
  assert.equal(await store.deleteKey('k1', changeOf('delete', 'k1')), false)
  assert.equal(await store.findKey('new'), undefined)
  assert.equal(await store.revision(), 4)
}

async function touchesKeys(store: Store): Promise<void> {
  const key = keyOf('k1')
  await store.createKey(key, changeOf('create', 'k1'))
  await store.touchKeys(new Map([['k1', 5000], ['unknown', 1]]))
  await store.touchKeys(new Map([['k1', 4000]]))
  assert.equal((await store.getKey('k1'))?.lastUsedAt, 5000)
  // The record was read before the key was used.
  await store.updateKey({ ...key, disabled: true }, changeOf('update', 'k1'))
  assert.deepEqual(await store.getKey('k1'), { ...key, disabled: true, lastUsedAt: 5000 })
  assert.equal(await store.revision(), 2)
}

async function changesTeams(store: Store): Promise<void> {
  const change = changeOf('create', 'k1')
  await store.createKey(keyOf('k1', { team: 'research' }), change)
  const created: TeamRecord = { name: 'research', limits: {}, createdAt: change.time }
  assert.deepEqual(await store.listTeams(), [created])
  const limited: TeamRecord = { ...created, limits: { concurrency: 4 } }
  await store.putTeam(limited, changeOf('team', 'research'))
  await store.updateKey(keyOf('k1', { team: 'art' }), changeOf('update', 'k1'))
  await store.createKey(keyOf('k2', { team: 'research' }), changeOf('create', 'k2'))
  assert.deepEqual(await store.listTeams(), [{ ...created, name: 'art' }, limited])
  assert.deepEqual(await store.getTeam('research'), limited)
  assert.equal(await store.getTeam('other'), undefined)
}

async function keepsPrices(store: Store): Promise<void> {
  await store.setPrice({ model: 'b', price: '{"a":1}' }, changeOf('price', 'b'))
  await store.setPrice({ model: 'a', price: '{}' }, changeOf('price', 'a'))
  await store.setPrice({ model: 'b', price: '{"a":2}' }, changeOf('price', 'b'))
  assert.deepEqual(await store.listPrices(), [
    { model: 'a', price: '{}' },
    { model: 'b', price: '{"a":2}' },
  ])
  const ratio = { model: 'm', ratio: 1.25, samples: 3, completion95: undefined }
  await store.saveRatios([ratio, { ...ratio, model: 'l' }])
  await store.saveRatios([{ ...ratio, ratio: 0.1, completion95: 812 }])
  assert.deepEqual(await store.listRatios(), [
    { ...ratio, model: 'l' },
    { ...ratio, ratio: 0.1, completion95: 812 },
  ])
}

async function chainsChanges(store: Store): Promise<void> {
  assert.equal(await store.revision(), 0)
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => {
    return store.putTeam({ name, limits: {}, createdAt: 1 }, changeOf('team', name))
  }))
  assert.equal(await store.revision(), 5)
  const rows = await store.audit({ after: 0, limit: 10 })
  assert.deepEqual(rows.map(({ sequence }) => sequence), [1, 2, 3, 4, 5])
  assert.equal(rows[0]?.previousHash, AUDIT_START)
  assert.equal(rows[0]?.hash, auditHash(AUDIT_START, changeOf('team', rows[0]?.target ?? '')))
  assert.equal(findBrokenRow(rows), undefined)
  assert.deepEqual(await store.audit({ after: 3, limit: 1 }), rows.slice(3, 4))
}
