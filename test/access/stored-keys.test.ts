import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createKeyId, createKeySecret, hashKey } from '../../src/access/create-key.ts'
import { newKeyRecord } from '../../src/access/key-settings.ts'
import { createStoreGuard } from '../../src/access/store-guard.ts'
import { createStoredKeys } from '../../src/access/stored-keys.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { KeyRecord } from '../../src/store/records.ts'

const CHANGE = { actor: 'another process', action: 'update', target: '', detail: '', time: 0 }

/** Milliseconds within which a change has to apply. */
const PROMISED = 3_000

/** A key in a store, which another process changes, and the look-up of a gateway. */
async function open() {
  const clock = { now: 1_000_000 }
  const now = () => clock.now
  const store = createMemoryStore()
  const text = createKeySecret()
  const settings = { id: createKeyId(), hash: await hashKey(text), now: now() }
  const key = newKeyRecord({ name: 'alice', team: 'research', rpm: 5 }, settings)
  const guard = createStoreGuard(now, () => {})
  const keys = createStoredKeys({ store, guard, now, mayUseLastRead: () => true })
  assert.equal(await keys.areRequired(), false)
  await store.createKey(key, CHANGE)
  return { clock, store, text, key, keys }
}

type Opened = Awaited<ReturnType<typeof open>>

/** Changes of another process, and what a gateway must find after them. */
const changes: [name: string, change: (opened: Opened) => Promise<unknown>, expected: object][] = [
  ['a disabled key', change({ disabled: true }), { disabled: true }],
  ['another limit', change({ limits: { requestsPerMinute: 1 } }), { rpm: 1 }],
  ['a key that is revoked', ({ store, key }) => store.deleteKey(key.id, CHANGE), {
    name: undefined,
  }],
  ['a rotated key', change({ hash: 'another' }), { name: undefined }],
  [
    'another limit of the team',
    ({ store }) =>
      store.putTeam({ name: 'research', limits: { requestsPerMinute: 2 }, createdAt: 0 }, CHANGE),
    { teamRpm: 2 },
  ],
]

function change(more: Partial<KeyRecord>) {
  return ({ store, key }: Opened) => store.updateKey({ ...key, ...more }, CHANGE)
}

describe('createStoredKeys()', () => {
  for (const [name, apply, expected] of changes) {
    it(`finds ${name} within three seconds`, async () => {
      const opened = await open()
      const { keys, clock, text } = opened
      assert.equal((await keys.find(text))?.key.limits.requestsPerMinute, 5)
      await apply(opened)
      clock.now += PROMISED
      const found = await keys.find(text)
      const { requestsPerMinute: rpm } = found?.key.limits ?? {}
      const all = {
        ...{ name: found?.key.name, disabled: found?.key.disabled, rpm },
        teamRpm: found?.team?.limits.requestsPerMinute,
      }
      const seen = Object.keys(expected).map((member) => [member, all[member as keyof typeof all]])
      assert.deepEqual(Object.fromEntries(seen), expected)
    })
  }

  it('requires keys within three seconds of the first one', async () => {
    const { keys, clock } = await open()
    assert.equal(await keys.areRequired(), false)
    clock.now += PROMISED
    assert.equal(await keys.areRequired(), true)
  })

  it('does not read the store for each request', async () => {
    const { keys, text } = await open()
    await keys.find(text)
    assert.ok(!(keys.find(text) instanceof Promise))
  })
})
