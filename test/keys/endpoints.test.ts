import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import { IMAGE, SPEECH } from '../cases/endpoints.ts'
import { openKeyedGateway } from './gateway.ts'

const MODEL = 'xai.grok-4.3'

describe('keys and the endpoints that are passed on', () => {
  it('share objects within a team, also after a restart', async () => {
    const store = createMemoryStore()
    const first = await openKeyedGateway({ store })
    const [ann, bob, eve] = [
      await first.createKey({ name: 'ann', team: 'art' }),
      await first.createKey({ name: 'bob', team: 'art' }),
      await first.createKey({ name: 'eve' }),
    ]
    const created = await first.send('/v1/vector_stores', { key: ann.text, body: { name: 'x' } })
    const { id } = await created.json()
    const path = `/v1/vector_stores/${id}`
    assert.equal((await first.send(path, { key: bob.text })).status, 200)
    assert.equal((await first.send(path, { key: eve.text })).status, 404)
    // Another process with the same store knows the owner: OCI of its own does not have the object.
    const second = await openKeyedGateway({ store })
    const known = await second.send(path, { key: bob.text })
    assert.match((await known.json()).error.message, /^OCI has no such object/)
    const foreign = await second.send(path, { key: eve.text })
    assert.match((await foreign.json()).error.message, /^No vector store .* of this API key$/)
  })

  it('know the items of a response, also after a restart and in another process', async () => {
    const config = { models: { 'xai.*': { endpoint: 'openai' } } }
    const store = createMemoryStore()
    const first = await openKeyedGateway({ store, config })
    const [ann, eve] = [
      await first.createKey({ name: 'ann' }),
      await first.createKey({ name: 'eve' }),
    ]
    for (const stream of [false, true]) {
      const body = { model: MODEL, input: 'Hi [[sim:reasoning]]', store: true, stream }
      const text = await (await first.send('/v1/responses', { key: ann.text, body })).text()
      const [, item] = /"id":"(msg_\w+)"/.exec(text) ?? []
      const [, reasoning] = /"id":"(rs_\w+)"/.exec(text) ?? []
      const inputs = [{ type: 'item_reference', id: item }, { type: 'reasoning', id: reasoning }]
      for (const own of inputs) {
        const second = await openKeyedGateway({ store, config })
        const input = [own, { role: 'user', content: 'Go on' }]
        const send = (key: string) =>
          second.send('/v1/responses', { key, body: { model: MODEL, input } })
        assert.equal((await send(eve.text)).status, 404)
        assert.equal(second.calls, 0)
        // Only OCI of the first gateway has the item.
        assert.doesNotMatch(await (await send(ann.text)).text(), /of this API key/)
        assert.ok(second.calls > 0)
      }
    }
  })

  it('do not own an item by choosing its id', async () => {
    const gateway = await openKeyedGateway({
      config: { models: { 'xai.*': { endpoint: 'openai' } } },
    })
    const { text: key } = await gateway.createKey({ name: 'k' })
    const { id } = await (await gateway.send('/v1/conversations', { key, body: {} })).json()
    const items = [{ type: 'message', id: 'msg_chosen', role: 'user', content: 'x' }]
    const path = `/v1/conversations/${id}/items`
    assert.equal((await gateway.send(path, { key, body: { items } })).status, 200)
    const input = [{ type: 'item_reference', id: 'msg_chosen' }, { role: 'user', content: 'x' }]
    const response = await gateway.send('/v1/responses', { key, body: { model: MODEL, input } })
    assert.equal(response.status, 404)
    assert.match((await response.json()).error.message, /^No item "msg_chosen" of this API key/)
  })

  it('count each request, and limit requests per minute', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'k', rpm: 3 })
    const created = await gateway.send('/v1/containers', { key, body: { name: 'x' } })
    const { id } = await created.json()
    assert.equal((await gateway.send('/v1/containers', { key })).status, 200)
    assert.equal((await gateway.send(`/v1/containers/${id}`, { key })).status, 200)
    const limited = await gateway.send(`/v1/containers/${id}`, { key })
    assert.equal(limited.status, 429)
    assert.match((await limited.json()).error.message, /3 requests per minute/)
    await gateway.gateway.stored?.metering.flush()
    const rows = await Array.fromAsync(gateway.store.rows({}))
    assert.deepEqual(
      rows.map(({ api, model, status, endpoint }) => [api, model, status, endpoint]),
      Array.from({ length: 3 }, () => ['containers', 'oci-containers', 200, 'openai']),
    )
    assert.ok(rows.every(({ promptTokens, cost }) => promptTokens === 0 && cost === undefined))
  })

  it('count requests for stored responses', async () => {
    const gateway = await openKeyedGateway({
      config: { models: { 'xai.*': { endpoint: 'openai' } } },
    })
    const { text: key } = await gateway.createKey({ name: 'k', rpm: 4 })
    const body = { model: 'xai.grok-4.3', input: 'Hi', store: true }
    const { id } = await (await gateway.send('/v1/responses', { key, body })).json()
    const path = `/v1/responses/${id}`
    assert.equal((await gateway.send(path, { key })).status, 200)
    assert.equal((await gateway.send(`${path}/input_items`, { key })).status, 200)
    assert.equal((await gateway.send(path, { key, method: 'DELETE' })).status, 200)
    assert.equal((await gateway.send(path, { key })).status, 404)
    const next = await gateway.send('/v1/responses', { key, body })
    assert.equal(next.status, 429)
    await gateway.gateway.stored?.metering.flush()
    const rows = await Array.fromAsync(gateway.store.rows({}))
    assert.deepEqual(
      rows.map(({ api, model, status }) => [api, model, status]),
      [['responses', 'xai.grok-4.3', 200], ...Array(3).fill(['responses', 'oci-responses', 200])],
    )
  })

  it('have rows for errors of OCI', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'k' })
    const failed = await gateway.send('/v1/vector_stores', { key, body: { nickname: 'x' } })
    assert.equal(failed.status, 400)
    await gateway.gateway.stored?.metering.flush()
    const [row] = await Array.fromAsync(gateway.store.rows({}))
    assert.deepEqual([row?.api, row?.status, row?.outcome], ['vector_stores', 400, 'failed'])
  })

  it('with a budget in dollars use objects, but no model without a price', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'k', budget: '5/month' })
    assert.equal((await gateway.send('/v1/containers', { key, body: { name: 'x' } })).status, 200)
    const speech = await gateway.send('/v1/audio/speech', { key, body: SPEECH })
    assert.equal(speech.status, 403)
    assert.equal((await speech.json()).error.code, 'model_not_priced')
  })

  it('are charged for a response in the background when it is created', async () => {
    const gateway = await openKeyedGateway({
      config: { models: { 'xai.*': { endpoint: 'openai' } } },
    })
    const { text: key } = await gateway.createKey({ name: 'k', budget: '100000tokens/day' })
    const body = { model: 'xai.grok-4.3', input: 'Hi', background: true, max_output_tokens: 500 }
    const created = await gateway.send('/v1/responses', { key, body })
    assert.equal((await created.json()).status, 'queued')
    await gateway.gateway.stored?.metering.flush()
    const [row] = await Array.fromAsync(gateway.store.rows({}))
    assert.deepEqual([row?.completionTokens, row?.estimated], [500, true])
  })

  it('that allow some models only are checked in JSON and in forms', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'k', models: ['xai.grok-imagine*'] })
    assert.equal((await gateway.send('/v1/images/generations', { key, body: IMAGE })).status, 200)
    const speech = await gateway.send('/v1/audio/speech', { key, body: SPEECH })
    assert.equal(speech.status, 403)
    const form = new FormData()
    form.append('file', new Blob(['x']), 'x.mp3')
    form.append('model', 'whisper')
    const before = gateway.calls
    const heard = await gateway.gateway.app.request('http://localhost/v1/audio/transcriptions', {
      ...{ method: 'POST', body: form, headers: { authorization: `Bearer ${key}` } },
    })
    assert.equal(heard.status, 403)
    assert.equal((await heard.json()).error.code, 'model_not_allowed')
    assert.equal(gateway.calls, before)
  })
})
