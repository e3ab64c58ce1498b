import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { Store } from '../../src/store/store.ts'
import { chatOf, type KeyedGateway, openKeyedGateway } from './gateway.ts'

const CHAT = '/v1/chat/completions'
const MODEL = 'xai.grok-4.3'

/** Every path that a client may call with a key. */
const PATHS: [method: string, path: string, body?: object][] = [
  ['GET', '/v1/models'],
  ['GET', `/v1/models/${MODEL}`],
  ['POST', CHAT, chatOf('Hi')],
  ['POST', '/v1/completions', { model: MODEL, prompt: 'Hi' }],
  ['POST', '/v1/responses', { model: MODEL, input: 'Hi' }],
  ['POST', '/v1/responses/compact', { model: MODEL, input: 'Hi' }],
  ['GET', '/v1/responses/resp_1'],
  ['DELETE', '/v1/responses/resp_1'],
  ['GET', '/v1/responses/resp_1/input_items'],
  ['POST', '/v1/messages', chatOf('Hi', { max_tokens: 5 })],
  ['POST', '/v1/messages/count_tokens', chatOf('Hi', { max_tokens: 5 })],
  ['POST', '/v1/embeddings', { model: 'cohere.embed-v4.0', input: 'Hi' }],
  ['POST', '/v1/moderations', { input: 'Hi' }],
  ['POST', '/v1/rerank', { model: 'cohere.rerank-v4.0-fast', query: 'a', documents: ['b'] }],
  ['POST', '/v2/rerank', { model: 'cohere.rerank-v4.0-fast', query: 'a', documents: ['b'] }],
  ['GET', '/readyz?verbose'],
  ['POST', '/openai/deployments/xai.grok-4.3/chat/completions', chatOf('Hi')],
  ['GET', '/v1/nothing'],
]

describe('keys of a store', () => {
  it('are not required while the store has none', async () => {
    const gateway = await openKeyedGateway()
    assert.equal((await gateway.send(CHAT, { body: chatOf('Hi') })).status, 200)
    assert.equal((await gateway.send(CHAT, { key: 'any', body: chatOf('Hi') })).status, 200)
  })

  it('are required while the store has none, if other machines reach the gateway', async () => {
    const gateway = await openKeyedGateway({ env: { HOST: '0.0.0.0', GATEWAY_STORE: 'memory:' } })
    assert.equal((await gateway.send(CHAT, { body: chatOf('Hi') })).status, 401)
  })

  for (const [method, path, body] of PATHS) {
    it(`are required for ${method} ${path}`, async () => {
      const gateway = await openKeyedGateway()
      const { text: key } = await gateway.createKey({ name: 'alice' })
      for (const wrong of [undefined, 'sk-wrong', `${key.slice(0, -1)}-`, key.slice(0, -1)]) {
        const response = await gateway.send(path, { key: wrong, method, body })
        assert.equal(response.status, 401)
      }
      assert.equal(gateway.calls, 0)
      assert.notEqual((await gateway.send(path, { key, method, body })).status, 401)
    })
  }

  it('work beside the keys of the configuration, which are unlimited', async () => {
    const gateway = await openKeyedGateway({ env: { GATEWAY_API_KEYS: 'sk-configured' } })
    assert.equal((await gateway.send(CHAT, { body: chatOf('Hi') })).status, 401)
    const { text: key } = await gateway.createKey({ name: 'alice' })
    for (const each of [key, 'sk-configured']) {
      assert.equal((await gateway.send(CHAT, { key: each, body: chatOf('Hi') })).status, 200)
    }
    await gateway.gateway.stored?.metering.flush()
    const rows = await Array.fromAsync(gateway.store.rows({}))
    assert.deepEqual(rows.map(({ key }) => key.length), [16, 16])
  })

  const states: [name: string, settings: object, message: RegExp][] = [
    ['disabled', { disabled: true }, /^The API key "alice" is disabled/],
    ['expired', { expires: '12h' }, /^The API key "alice" has expired/],
  ]
  for (const [name, settings, message] of states) {
    it(`are rejected if they are ${name}, with the reason`, async () => {
      const gateway = await openKeyedGateway()
      const yesterday = Date.now() - 86_400_000
      const { text: key } = await gateway.createKey({ name: 'alice', ...settings }, yesterday)
      const response = await gateway.send(CHAT, { key, body: chatOf('Hi') })
      const { error } = await response.json()
      assert.deepEqual([response.status, error.code], [401, 'invalid_api_key'])
      assert.match(error.message, message)
    })
  }
})

describe('models of a key', () => {
  const config = {
    aliases: { fast: MODEL, 'xai.other': 'openai.gpt-oss-120b' },
    fallbacks: { [MODEL]: ['openai.gpt-oss-120b'] },
    retry: { maxAttempts: 4, initialDelaySeconds: 0.001 },
  }
  const rows: [models: string[], model: string, status: number][] = [
    [['xai.*'], MODEL, 200],
    [['xai.*'], `oci/${MODEL}`, 200],
    [['xai.*'], 'fast', 200],
    [['fast'], 'fast', 200],
    [['fast'], MODEL, 403],
    [['xai.*'], 'openai.gpt-oss-120b', 403],
    // The alias has the prefix, but stands for another model.
    [['xai.*'], 'xai.other', 403],
    [[MODEL], 'xai.grok-4.3-fast', 403],
    [[], 'openai.gpt-oss-120b', 200],
  ]
  for (const [models, model, status] of rows) {
    it(`${JSON.stringify(models)} answer ${status} for ${model}`, async () => {
      const gateway = await openKeyedGateway({ config })
      const { text: key } = await gateway.createKey({ name: 'alice', models })
      const response = await gateway.send(CHAT, { key, body: { ...chatOf('Hi'), model } })
      assert.equal(response.status, status)
      if (status !== 403) return
      const { error } = await response.json()
      assert.deepEqual([error.code, error.type], ['model_not_allowed', 'permission_error'])
      assert.equal(gateway.bodies.length, 0)
      const anthropic = { ...chatOf('Hi', { max_tokens: 5 }), model }
      const message = await gateway.send('/v1/messages', { key, body: anthropic })
      assert.deepEqual([message.status, (await message.json()).error.type], [
        403,
        'permission_error',
      ])
    })
  }

  it('are checked for embeddings and rerank too', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', models: ['xai.*'] })
    for (const [method, path, body] of PATHS.filter(([, path]) => /embed|rerank/.test(path))) {
      assert.equal((await gateway.send(path, { key, method, body })).status, 403)
    }
  })

  it('are checked for fallbacks: the error of the requested model stays', async () => {
    const gateway = await openKeyedGateway({ config })
    const body = chatOf('Hi [[sim:status=503 times=1 key=fallback]]')
    const limited = await gateway.createKey({ name: 'limited', models: ['xai.*'] })
    const response = await gateway.send(CHAT, { key: limited.text, body })
    assert.equal(response.status, 502)
    const open = await gateway.createKey({ name: 'open' })
    const other = chatOf('Hi [[sim:status=503 times=1 key=other]]')
    assert.equal((await gateway.send(CHAT, { key: open.text, body: other })).status, 200)
  })

  it('are the only ones in the list of models', async () => {
    const gateway = await openKeyedGateway({ config })
    const { text: key } = await gateway.createKey({ name: 'alice', models: ['xai.*'] })
    const { data } = await (await gateway.send('/v1/models', { key })).json()
    const ids: string[] = data.map(({ id }: { id: string }) => id)
    assert.ok(ids.includes('fast') && ids.includes(MODEL))
    assert.ok(ids.every((id) => id === 'fast' || id.startsWith('xai.')))
    assert.ok(!ids.includes('xai.other'))
    assert.equal((await gateway.send(`/v1/models/${MODEL}`, { key })).status, 200)
    const hidden = await gateway.send('/v1/models/openai.gpt-oss-120b', { key })
    assert.deepEqual([hidden.status, (await hidden.json()).error.code], [404, 'model_not_found'])
  })
})

describe('the compartment of a key', () => {
  it('is that of its list of models, of the look-up of a model, and of its calls', async () => {
    const compartment = 'ocid1.compartment.oc1..team'
    const asked: string[] = []
    const gateway = await openKeyedGateway({
      onUrl: (url) => asked.push(url.searchParams.get('compartmentId') ?? ''),
    })
    const own = await gateway.createKey({ name: 'own', compartmentId: compartment })
    const shared = await gateway.createKey({ name: 'shared' })
    for (const { text: key } of [own, shared, own]) await gateway.send('/v1/models', { key })
    assert.equal(asked[0], compartment)
    assert.equal(asked.length, 2)
    assert.notEqual(asked[1], compartment)
    await gateway.send(`/v1/models/${MODEL}`, { key: own.text })
    assert.equal(asked.length, 2)
    await gateway.send(CHAT, { key: own.text, body: chatOf('Hi') })
    const { compartmentId } = gateway.bodies[0] as { compartmentId: string }
    assert.equal(compartmentId, compartment)
  })
})

describe('stored responses', () => {
  it('belong to the team of a key, else to the key', async () => {
    const gateway = await openKeyedGateway()
    const owners = [
      await gateway.createKey({ name: 'one', team: 'research' }),
      await gateway.createKey({ name: 'two', team: 'research' }),
    ]
    const strangers = [
      await gateway.createKey({ name: 'three', team: 'sales' }),
      await gateway.createKey({ name: 'four' }),
    ]
    for (const model of [MODEL, 'openai.gpt-oss-120b']) {
      const created = await create(gateway, owners[0]?.text, model)
      for (const { text: key } of owners) {
        assert.deepEqual(await statusesOf(gateway, key, created, model), [200, 200, 200])
      }
      for (const { text: key } of strangers) {
        const statuses = await statusesOf(gateway, key, created, model)
        assert.ok(statuses.every((status) => status === 404 || status === 400), `${statuses}`)
        const deleted = await gateway.send(`/v1/responses/${created}`, { key, method: 'DELETE' })
        assert.equal(deleted.status, 404)
      }
    }
  })

  const reads: [name: string, method: string, path: string, body?: (id: string) => object][] = [
    ['the response', 'GET', '/v1/responses/ID'],
    ['the response without /v1', 'GET', '/responses/ID'],
    ["the response by Azure's path", 'GET', '/openai/v1/responses/ID'],
    ['its stream', 'GET', '/v1/responses/ID?stream=true'],
    ['its input', 'GET', '/v1/responses/ID/input_items'],
    ["its input by Azure's path", 'GET', '/openai/responses/ID/input_items'],
    ['its end', 'POST', '/v1/responses/ID/cancel'],
    ['its deletion', 'DELETE', '/v1/responses/ID'],
    ['the next response', 'POST', '/v1/responses', (id) => ({ previous_response_id: id })],
    [
      'the next response in a stream',
      'POST',
      '/openai/v1/responses',
      (id) => ({ previous_response_id: id, stream: true }),
    ],
    ['an item of the response', 'POST', '/v1/responses', (id) => ({
      input: [{ type: 'item_reference', id: id.replace('resp_', 'msg_') }],
    })],
    [
      'its summary',
      'POST',
      '/v1/responses/compact',
      (id) => ({ previous_response_id: id }),
    ],
    [
      'its tokens',
      'POST',
      '/v1/responses/input_tokens',
      (id) => ({ previous_response_id: id }),
    ],
  ]
  const stores: [name: string, model: string, config: object][] = [
    ['the gateway', MODEL, { responses: { store: {} } }],
    ['OCI', 'openai.gpt-oss-120b', { models: { '*': { endpoint: 'openai' } } }],
  ]
  for (const [where, model, config] of stores) {
    for (const [name, method, path, body] of reads) {
      it(`in ${where}: a key of another team never gets ${name}`, async () => {
        const gateway = await openKeyedGateway({ config })
        const { text: owner } = await gateway.createKey({ name: 'one', team: 'research' })
        const { text: key } = await gateway.createKey({ name: 'two', team: 'sales' })
        const secret = 'Remember the word xylophone'
        const stored = { model, input: secret, store: true }
        const created = await gateway.send('/v1/responses', { key: owner, body: stored })
        const { id, output } = await created.json()
        assert.equal(created.status, 200)
        const [own] = output
        const asked = body && JSON.parse(
          JSON.stringify({ model, input: 'And?', ...body(id) })
            .replace(id.replace('resp_', 'msg_'), own.id),
        )
        const before = gateway.bodies.length
        const options = { key, method, body: asked }
        const response = await gateway.send(path.replace('ID', id), options)
        const text = await response.text()
        assert.ok(response.status >= 400 && response.status < 500, `${response.status} ${text}`)
        assert.doesNotMatch(text, /xylophone/)
        assert.equal(gateway.bodies.length, before, 'OCI was called')
        // Nothing was deleted.
        const still = await gateway.send(`/v1/responses/${id}`, { key: owner })
        assert.equal(still.status, 200)
      })
    }
  }
})

describe('usage and models of another team', () => {
  it('are in no answer to a key', async () => {
    const gateway = await openKeyedGateway({ env: { GATEWAY_ADMIN_KEY: 'adm-secret' } })
    const one = await gateway.createKey({ name: 'one', team: 'research', models: ['openai.*'] })
    const { text: key } = await gateway.createKey({ name: 'two', team: 'sales', models: ['xai.*'] })
    const body = { ...chatOf('Hi'), model: 'openai.gpt-oss-120b' }
    assert.equal((await gateway.send(CHAT, { key: one.text, body })).status, 200)
    await gateway.gateway.stored?.metering.flush()
    const paths = ['usage', 'keys', 'teams', 'prices', 'audit'].flatMap((name) => [
      ...[`/admin/v1/${name}`, `/v1/admin/v1/${name}`, `/v1/${name}`, `//admin/v1/${name}`],
      ...[`/admin/v1/${name}?by=key`, `/ADMIN/v1/${name}`, `/admin/v1/../v1/${name}`],
    ])
    for (const path of [...paths, '/metrics', '/v1/organization/usage/completions']) {
      const response = await gateway.send(path, { key })
      const text = await response.text()
      assert.ok([401, 404, 405].includes(response.status), `${path}: ${response.status}`)
      assert.ok(!text.includes(one.record.id) && !text.includes('research'), path)
    }
    const listed = await (await gateway.send('/v1/models', { key })).text()
    assert.doesNotMatch(listed, /openai\./)
    assert.match(listed, /xai\./)
  })
})

describe('keys that are guessed', () => {
  for (const [method, path, body] of PATHS) {
    it(`are limited at ${method} ${path}, and valid keys are not`, async () => {
      const gateway = await openKeyedGateway({
        config: { limits: { failedAuthPerMinute: 3 } },
      })
      const { text: key } = await gateway.createKey({ name: 'alice' })
      const statuses = []
      for (let count = 0; count < 5; count++) {
        const guess = `${key.slice(0, -2)}${count}${key.endsWith('x') ? 'y' : 'x'}`
        statuses.push((await gateway.send(path, { key: guess, method, body })).status)
      }
      assert.deepEqual(statuses, [401, 401, 401, 429, 429])
      assert.equal(gateway.calls, 0)
      const valid = await gateway.send(path, { key, method, body })
      assert.ok(valid.status !== 401 && valid.status !== 429, `${valid.status}`)
    })
  }
})

async function create(gateway: KeyedGateway, key: string | undefined, model: string) {
  const body = { model, input: 'Hi', store: true }
  const response = await gateway.send('/v1/responses', { key, body })
  const { id } = await response.json()
  return String(id)
}

async function statusesOf(gateway: KeyedGateway, key: string, id: string, model: string) {
  const answers = [
    await gateway.send(`/v1/responses/${id}`, { key }),
    await gateway.send(`/v1/responses/${id}/input_items`, { key }),
    await gateway.send('/v1/responses', {
      key,
      body: { model, input: 'And?', previous_response_id: id },
    }),
  ]
  return answers.map(({ status }) => status)
}

describe('a store that does not answer', () => {
  const down = () => {
    const store = createMemoryStore()
    let isDown = false
    const broken = Object.fromEntries(
      Object.entries(store).map(([name, method]) => [
        name,
        (...args: unknown[]) => {
          if (isDown && name !== 'rows') return Promise.reject(new Error('connection refused'))
          return (method as (...args: unknown[]) => unknown)(...args)
        },
      ]),
    )
    // Each method has the same arguments and result.
    return { store: broken as unknown as Store, fail: (value: boolean) => isDown = value }
  }

  it('rejects keys with a budget, and serves others, settling later and once', async () => {
    const { store, fail } = down()
    const gateway = await openKeyedGateway({ store })
    const limited = await gateway.createKey({ name: 'limited', budget: '5/month' })
    const rated = await gateway.createKey({ name: 'rated', rpm: 100, tpm: 1_000_000 })
    for (const { text: key } of [limited, rated]) {
      await (await gateway.send(CHAT, { key, body: chatOf('Hi') })).text()
    }
    await gateway.gateway.stored?.metering.flush()
    fail(true)
    const rejected = await gateway.send(CHAT, { key: limited.text, body: chatOf('Hi') })
    const { error } = await rejected.json()
    assert.deepEqual([rejected.status, error.code], [503, 'store_unavailable'])
    assert.match(error.message, /^The store of keys and budgets does not answer/)
    assert.equal(rejected.headers.get('retry-after'), '5')
    const served = await gateway.send(CHAT, { key: rated.text, body: chatOf('Hi') })
    assert.equal(served.status, 200)
    await gateway.gateway.stored?.metering.flush()
    fail(false)
    await new Promise((resolve) => setTimeout(resolve, 600))
    await gateway.gateway.stored?.metering.flush()
    await gateway.gateway.stored?.metering.flush()
    const rows = await Array.fromAsync(store.rows({ key: rated.record.id }))
    assert.equal(rows.length, 2)
    const [tokens] = await store.counters(
      [{ scope: `key:${rated.record.id}`, metric: 'tokens', window: { type: 'minute' } }],
      Date.now(),
    )
    const used = rows.reduce((sum, row) => sum + row.promptTokens + row.completionTokens, 0)
    assert.deepEqual([tokens?.spent, tokens?.reserved], [used, 0])
    assert.ok(gateway.lines.some(({ event }) => event === 'store_down'))
  })

  for (const whenStoreDown of ['failOpen', 'failClosed'] as const) {
    it(`${whenStoreDown} applies to all keys`, async () => {
      const { store, fail } = down()
      const gateway = await openKeyedGateway({ store, config: { budgets: { whenStoreDown } } })
      const { text: key } = await gateway.createKey({ name: 'alice', budget: '5/month', rpm: 9 })
      await (await gateway.send(CHAT, { key, body: chatOf('Hi') })).text()
      fail(true)
      const response = await gateway.send(CHAT, { key, body: chatOf('Hi') })
      assert.equal(response.status, whenStoreDown === 'failOpen' ? 200 : 503)
      fail(false)
    })
  }
})
