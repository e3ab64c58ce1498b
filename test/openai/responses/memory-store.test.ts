import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeReply } from '../../../src/openai/responses/encode.ts'
import type { StoreLimits } from '../../../src/limits.ts'
import { createMemoryStore } from '../../../src/openai/responses/memory-store.ts'
import type { ResponseStore, StoredResponse } from '../../../src/openai/responses/store.ts'
import { choice, reply } from '../chat/reply.ts'
import { frame } from './frame.ts'

const WIDE: StoreLimits = { maxItems: 100, maxBytes: 1_000_000, ttl: 1_000 }

describe('createMemoryStore()', () => {
  it('returns a stored response to its owner only', async () => {
    const store = createMemoryStore(WIDE, () => 0)
    await store.put(stored('a'), 'ann')
    assert.deepEqual(await store.get('a', 'ann'), stored('a'))
    assert.equal(await store.get('a', 'bob'), undefined)
    assert.equal(await store.get('b', 'ann'), undefined)
  })

  it('deletes for the owner only, and once', async () => {
    const store = createMemoryStore(WIDE, () => 0)
    await store.put(stored('a'), 'ann')
    assert.equal(await store.delete('a', 'bob'), false)
    assert.equal(await store.delete('a', 'ann'), true)
    assert.equal(await store.delete('a', 'ann'), false)
    assert.equal(await store.get('a', 'ann'), undefined)
  })

  it('evicts the oldest when there are too many', async () => {
    const store = createMemoryStore({ ...WIDE, maxItems: 2 }, () => 0)
    for (const id of ['a', 'b', 'c']) await store.put(stored(id), 'ann')
    assert.deepEqual(await held(store, 'a', 'b', 'c'), [false, true, true])
  })

  it('evicts the oldest when they are too large, and never stores one that is too large alone', async () => {
    const size = JSON.stringify(stored('a')).length * 2
    const store = createMemoryStore({ ...WIDE, maxBytes: size * 2 }, () => 0)
    for (const id of ['a', 'b', 'c']) await store.put(stored(id), 'ann')
    assert.deepEqual(await held(store, 'a', 'b', 'c'), [false, true, true])
    await store.put(stored('d', 'x'.repeat(size)), 'ann')
    assert.deepEqual(await held(store, 'b', 'c', 'd'), [true, true, false])
  })

  it('removes expired responses', async () => {
    let now = 0
    const store = createMemoryStore(WIDE, () => now)
    await store.put(stored('a'), 'ann')
    now = 600
    await store.put(stored('b'), 'ann')
    assert.deepEqual(await held(store, 'a', 'b'), [true, true])
    now = 1_000
    assert.deepEqual(await held(store, 'a', 'b'), [false, true])
    now = 1_600
    assert.equal(await store.delete('b', 'ann'), false)
  })

  it('frees the space of a deleted response', async () => {
    const size = JSON.stringify(stored('a')).length * 2
    const store = createMemoryStore({ ...WIDE, maxBytes: size }, () => 0)
    for (let round = 0; round < 3; round++) {
      await store.put(stored('a'), 'ann')
      await store.put(stored('a'), 'ann')
      assert.deepEqual(await held(store, 'a'), [true])
      assert.equal(await store.delete('a', 'ann'), true)
    }
  })
})

function stored(id: string, text = 'Hi'): StoredResponse {
  const response = { ...encodeReply(reply({ choices: [choice({ text })] }), frame()), id }
  return { response, input: [{ type: 'message', role: 'user', content: 'Hello' }] }
}

function held(store: ResponseStore, ...ids: string[]): Promise<boolean[]> {
  return Promise.all(ids.map(async (id) => await store.get(id, 'ann') !== undefined))
}
