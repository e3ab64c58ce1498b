import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { Store } from '../../src/store/store.ts'
import { type KeyedGateway, openKeyedGateway } from './gateway.ts'

const MODEL = 'xai.grok-4.3'

/** Two gateways with one store, and a key of each of two owners. */
async function openTwo({ config = {}, store = createMemoryStore() }: {
  config?: object
  store?: Store
} = {}) {
  const options = { store, config }
  const [one, other] = [await openKeyedGateway(options), await openKeyedGateway(options)]
  const [{ text: ann }, { text: bob }] = [
    await one.createKey({ name: 'ann' }),
    await one.createKey({ name: 'bob' }),
  ]
  return { one, other, ann, bob, store }
}

async function post(gateway: KeyedGateway, key: string, more: object): Promise<Response> {
  const body = { model: MODEL, input: 'Remember the word indigo.', ...more }
  return await gateway.send('/v1/responses', { key, body })
}

async function create(gateway: KeyedGateway, key: string, more: object = {}): Promise<string> {
  const response = await post(gateway, key, more)
  assert.equal(response.status, 200)
  const id = /"id": ?"(resp_\w+)"/.exec(await response.text())?.[1]
  assert.ok(id)
  return id
}

async function statusOf(gateway: KeyedGateway, path: string, key: string, method = 'GET') {
  const response = await gateway.send(`/v1/responses/${path}`, { key, method })
  await response.text()
  return response.status
}

describe('stored responses of several processes', () => {
  for (const stream of [false, true]) {
    it(`are continued, read and deleted at another process (stream: ${stream})`, async () => {
      const { one, other, ann, bob } = await openTwo()
      const id = await create(one, ann, { stream })
      assert.match(id, /^resp_gw/)
      const next = await post(other, ann, {
        input: 'Which word?',
        previous_response_id: id,
        stream,
      })
      assert.equal(next.status, 200)
      assert.match(JSON.stringify(await next.text() && other.bodies.at(-1)), /indigo/)
      const list = await other.send(`/v1/responses/${id}/input_items`, { key: ann })
      assert.match(await list.text(), /indigo/)
      assert.equal(await statusOf(other, id, bob), 404)
      assert.equal(await statusOf(other, id, bob, 'DELETE'), 404)
      const stolen = await post(other, bob, { previous_response_id: id })
      assert.equal(stolen.status, 400)
      assert.equal((await stolen.json()).error.code, 'previous_response_not_found')
      assert.equal(await statusOf(other, id, ann), 200)
      assert.equal(await statusOf(other, id, ann, 'DELETE'), 200)
      assert.equal(await statusOf(one, id, ann), 404)
    })

    it(`end with the answer, not before they are stored (stream: ${stream})`, async () => {
      const memory = createMemoryStore()
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      const { promise: called, resolve: call } = Promise.withResolvers<void>()
      const store: Store = {
        ...memory,
        async putResponse(record) {
          call()
          await released
          return await memory.putResponse(record)
        },
      }
      const { one, ann } = await openTwo({ store })
      let hasEnded = false
      const answer = post(one, ann, { stream }).then((response) => response.text())
      void answer.then(() => hasEnded = true)
      await called
      // Everything that does not wait for the store has time to happen.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      assert.equal(hasEnded, false)
      release()
      assert.match(await answer, /"status": ?"completed"/)
    })
  }

  it('are not stored for "store": false, and never with maxItems 0', async () => {
    for (const config of [{}, { responses: { store: { maxItems: 0 } } }]) {
      let writes = 0
      const memory = createMemoryStore()
      const store: Store = {
        ...memory,
        putResponse(record) {
          writes++
          return memory.putResponse(record)
        },
      }
      const { one, ann } = await openTwo({ config, store })
      await create(one, ann, 'responses' in config ? {} : { store: false })
      assert.equal(writes, 0)
    }
  })

  it('stay in the process with "shared": false', async () => {
    const config = { responses: { store: { shared: false } } }
    const { one, other, ann } = await openTwo({ config })
    const id = await create(one, ann)
    assert.equal(await statusOf(one, id, ann), 200)
    assert.equal(await statusOf(other, id, ann), 404)
  })

  it('expire', async () => {
    const { one, other, ann, store } = await openTwo({
      config: { responses: { store: { ttlMinutes: 5 } } },
    })
    const before = Date.now()
    const id = await create(one, ann)
    const owner = (await store.getKey('ann'))?.id ?? ''
    const record = await store.getResponse(id, owner, before)
    assert.ok(record)
    assert.equal(record.expiresAt - record.createdAt, 300_000)
    assert.equal(await store.getResponse(id, owner, record.expiresAt), undefined)
    assert.equal(await statusOf(other, id, ann), 200)
  })

  it('are deleted by later requests once they have expired', async () => {
    let later = 0
    const memory = createMemoryStore()
    const pruned: Promise<number>[] = []
    const store: Store = {
      ...memory,
      pruneResponses(limits, time) {
        const deleted = memory.pruneResponses(limits, time + later)
        pruned.push(deleted)
        return deleted
      },
    }
    const config = { responses: { store: { ttlMinutes: 5 } } }
    const { one, ann } = await openTwo({ config, store })
    const id = await create(one, ann)
    assert.deepEqual(await Promise.all(pruned), [0])
    later = 300_001
    const next = await openKeyedGateway({ store })
    await (await post(next, ann, { store: false })).text()
    assert.deepEqual(await Promise.all(pruned), [0, 1])
    assert.equal(await memory.getResponse(id, (await memory.getKey('ann'))?.id ?? '', 0), undefined)
  })

  it('are deleted from the store by a gateway that stores none', async () => {
    const { one, ann, store } = await openTwo()
    const id = await create(one, ann)
    const config = { responses: { store: { maxItems: 0 } } }
    const next = await openKeyedGateway({ store, config })
    await (await post(next, ann, {})).text()
    const owner = (await store.getKey('ann'))?.id ?? ''
    assert.equal(await store.getResponse(id, owner, Date.now()), undefined)
  })

  it('leave an answer complete that cannot be stored', async () => {
    const store: Store = {
      ...createMemoryStore(),
      putResponse: () => Promise.reject(new Error('disk full')),
    }
    const { one, ann } = await openTwo({ store })
    const id = await create(one, ann)
    const [line] = one.lines.filter(({ event }) => event === 'response_not_stored')
    assert.equal(line?.level, 'warn')
    const next = await post(one, ann, { previous_response_id: id })
    assert.ok(next.status === 400 || next.status === 503, String(next.status))
  })

  it('are a 503 while the store does not answer', async () => {
    const store: Store = {
      ...createMemoryStore(),
      getResponse: () => Promise.reject(new Error('connection refused')),
    }
    const { one, ann } = await openTwo({ store })
    const id = await create(one, ann)
    const response = await one.send(`/v1/responses/${id}`, { key: ann })
    assert.equal(response.status, 503)
    assert.equal((await response.json()).error.code, 'store_unavailable')
  })
})
