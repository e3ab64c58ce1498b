import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createKeyId, createKeySecret, hashKey } from '../../src/access/create-key.ts'
import { newKeyRecord } from '../../src/access/key-settings.ts'
import { ROUTING_PROFILES } from '../../src/simulator/catalogue.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import { openTestGateway } from '../cases/gateway.ts'
import type { Upstream } from '../cases/upstream.ts'
import { BEARER } from '../oci-names.ts'

const [PROFILE = ''] = ROUTING_PROFILES.map(({ id }) => id)
const MODEL = 'openai.gpt-oss-120b'
const MESSAGES = [{ role: 'user', content: 'Hi' }]

/** The control plane does not answer for the profile. */
const hidden: Upstream = ({ url }) =>
  url.pathname.includes('/routingProfiles/') ? new Response('', { status: 404 }) : undefined

const allowed: [models: string[], upstream: Upstream | undefined, status: number][] = [
  [[], undefined, 200],
  [['openai.*'], undefined, 200],
  [[PROFILE], undefined, 200],
  [['xai.*'], undefined, 403],
  [[], hidden, 200],
  [[PROFILE], hidden, 200],
  // The model is not known, so that the key may not be allowed to use it.
  [['openai.*'], hidden, 403],
]

const ledgers: [name: string, path: string, env: object | undefined, upstream?: Upstream][] = [
  ['native', '/v1/chat/completions', undefined],
  ['native, unreadable profile', '/v1/chat/completions', undefined, hidden],
  ['relayed', '/v1/responses', BEARER],
  ['relayed chat', '/v1/chat/completions', BEARER],
  ['translated to Responses', '/v1/messages', BEARER],
]

describe('routing profiles of stored keys', () => {
  for (const [models, upstream, status] of allowed) {
    const state = upstream ? 'unreadable' : 'readable'
    it(`answers ${status} to a key for ${models.join() || 'all models'}, ${state}`, async () => {
      const { send } = await open({ models }, upstream)
      assert.equal((await send('/v1/chat/completions', {})).status, status)
    })
  }

  for (const [name, path, env, upstream] of ledgers) {
    for (const stream of [false, true]) {
      const skip = stream && upstream && 'a native stream does not name its model'
      it(`has the model, the region and its price in the ledger: ${name}, stream ${stream}`, {
        skip,
      }, async () => {
        const { send, rows } = await open({}, upstream, env)
        const response = await send(path, { stream })
        assert.equal(response.status, 200, await response.clone().text())
        await response.text()
        const row = (await rows())[0]
        assert.equal(row?.model, MODEL)
        assert.equal(row?.requestedModel, PROFILE)
        assert.equal(row?.region, 'eu-frankfurt-1')
        assert.ok((row?.cost ?? 0) > 0)
      })
    }
  }

  it('rejects a budget in USD for a profile whose model is not known', async () => {
    const { send } = await open({ budget: '5/month' }, hidden)
    const response = await send('/v1/chat/completions', {})
    assert.equal(response.status, 403)
    assert.match(await response.text(), /price/)
  })
})

async function open(
  settings: object,
  upstream: Upstream | undefined,
  env: object = {},
) {
  const store = createMemoryStore()
  const text = createKeySecret()
  const time = Date.now()
  const record = newKeyRecord({ name: 'alice', ...settings }, {
    ...{ id: createKeyId(), hash: await hashKey(text), now: time },
  })
  await store.createKey(record, { actor: 'test', action: 'create', target: '', detail: '', time })
  const gateway = await openTestGateway({ store, env: { ...env }, ...(upstream && { upstream }) })
  return {
    send: (path: string, more: object) =>
      gateway.fetch(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${text}` },
        body: JSON.stringify({
          ...{ model: PROFILE, messages: MESSAGES, input: 'Hi', max_tokens: 50, ...more },
        }),
      }),
    async rows() {
      await gateway.flush()
      return await Array.fromAsync(store.rows({}))
    },
  }
}
