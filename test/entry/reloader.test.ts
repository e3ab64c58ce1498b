import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createKeyId, createKeySecret, hashKey } from '../../src/access/create-key.ts'
import { newKeyRecord } from '../../src/access/key-settings.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import { collectGarbage } from '../reload/collect-garbage.ts'
import { openFiledGateway, PATH } from '../reload/gateway.ts'
import { valueOf } from '../telemetry/metrics/read-metrics.ts'

const CHAT = { model: 'my-model', messages: [{ role: 'user', content: 'Hello' }] }
const A = {
  access: { apiKeys: ['key-a'] },
  aliases: { 'my-model': 'meta.llama-3.3-70b-instruct' },
}
const B = { access: { apiKeys: ['key-b'] }, aliases: { 'my-model': 'xai.grok-4.3' } }
const chatOf = (more: object = {}) => ({ ...CHAT, ...more })
const OWN_MODEL = { model: 'xai.grok-4.3' }
const NO_CHANGES = { type: 'reloaded', changed: [], needsRestart: [] }

const modelOf = (body: Record<string, unknown> | undefined) =>
  (body?.['servingMode'] as { modelId?: string } | undefined)?.modelId

describe('reload()', () => {
  it('applies keys and aliases to new requests', async () => {
    const { reload, send, bodies } = await openFiledGateway({ config: A })
    const ask = async (key: string) =>
      (await send('/v1/chat/completions', { key, body: chatOf() })).status
    assert.deepEqual([await ask('key-a'), await ask('key-b')], [200, 401])
    assert.deepEqual(await reload(B), {
      type: 'reloaded',
      changed: ['access.apiKeys', 'aliases'],
      needsRestart: [],
    })
    assert.deepEqual([await ask('key-a'), await ask('key-b')], [401, 200])
    assert.deepEqual(bodies.map(modelOf), ['meta.llama-3.3-70b-instruct', 'xai.grok-4.3'])
  })

  it('lets a stream that runs finish with its own configuration', async () => {
    const { gateway, reload, send } = await openFiledGateway({ config: A })
    const body = chatOf({ stream: true })
    const stream = await send('/v1/chat/completions', { key: 'key-a', body })
    assert.equal(gateway.limiter.active, 1)
    await reload(B)
    assert.equal(gateway.limiter.active, 1)
    const text = await stream.text()
    assert.match(text, /meta\.llama-3\.3-70b-instruct[\s\S]*data: \[DONE\]/)
    assert.equal(gateway.limiter.active, 0)
  })

  it('logs the names of the settings, and no values', async () => {
    const { reload, lines } = await openFiledGateway({ config: A })
    await reload({ ...B, limits: { maxTools: 7 }, port: 9, store: 'memory:', telemetry: {} })
    assert.deepEqual(lines.at(-1), {
      level: 'info',
      event: 'config_reloaded',
      changed: 'access.apiKeys, limits.maxTools, aliases',
      needsRestart: 'port, store',
    })
  })

  it('counts reloads, and keeps the metrics of requests', async () => {
    const { reload, send } = await openFiledGateway({ config: A })
    await send('/v1/chat/completions', { key: 'key-a', body: chatOf() })
    await reload(B)
    await reload('{')
    const text = await (await send('/metrics', { key: 'key-b' })).text()
    const reloads = (outcome: string) => valueOf(text, 'gateway_config_reloads_total', { outcome })
    assert.deepEqual([reloads('succeeded'), reloads('failed')], [1, 1])
    const age = Date.now() / 1_000 - valueOf(text, 'gateway_config_loaded_time_seconds', {})
    assert.ok(age >= 0 && age < 600, `${age} s`)
    const labels = { api: 'chat', model: 'meta.llama-3.3-70b-instruct', status: '200' }
    assert.equal(valueOf(text, 'gateway_requests_total', labels), 1)
  })

  it('makes one reload of several that have not begun', async () => {
    const { gateway: { reloader } } = await openFiledGateway({ config: A })
    const [first, second, third] = [reloader.reload(), reloader.reload(), reloader.reload()]
    assert.equal(second, first)
    assert.equal(third, first)
    assert.deepEqual(await first, NO_CHANGES)
    assert.notEqual(reloader.reload(), first)
  })

  it('does nothing without a file', async () => {
    const env = { GATEWAY_API_KEYS: 'key-a' }
    const { gateway, lines } = await openFiledGateway({ config: undefined, env })
    assert.deepEqual(await gateway.reloader.reload(), { type: 'no-file' })
    assert.match(String(lines.at(-1)?.['cause']), /has no file/)
    assert.equal(lines.at(-1)?.level, 'info')
  })

  it('reads secrets again, also those of variables', async () => {
    const env = { GATEWAY_API_KEYS: 'file:/run/keys' }
    const files = { '/run/keys': 'key-a' }
    const filed = await openFiledGateway({ config: undefined, env, files })
    const { reloader } = filed.gateway
    assert.deepEqual(reloader.files(), ['/run/keys'])
    filed.files.set('/run/keys', 'key-b')
    assert.notEqual(await reloader.readFiles(), reloader.lastRead())
    assert.deepEqual(await reloader.reload(), { ...NO_CHANGES, changed: ['access.apiKeys'] })
    assert.equal(await reloader.readFiles(), reloader.lastRead())
    assert.equal((await filed.send('/v1/models/x', { key: 'key-a' })).status, 401)
    assert.notEqual((await filed.send('/v1/models/x', { key: 'key-b' })).status, 401)
  })

  for (const place of [undefined, '/etc/gateway/found.json']) {
    it(`names changed capabilities in the ${place ? 'named' : 'default'} file`, async () => {
      const path = place ?? '/etc/gateway/capabilities.json'
      const textOf = (models: object, createdAt: string) =>
        JSON.stringify({
          ...{ generator: 'oci-gateway probe', version: 1, gateway: '0.1.0', createdAt, models },
          evidence: [],
        })
      const config = { ...A, ...(place && { capabilities: place }) }
      const files = { [path]: textOf({ 'xai.*': { tools: true } }, '2026-11-01') }
      const filed = await openFiledGateway({ config, files })
      assert.deepEqual(await filed.reload(config), NO_CHANGES)
      filed.files.set(path, textOf({ 'xai.*': { tools: false } }, '2026-11-02'))
      const changed = { ...NO_CHANGES, changed: ['capabilities'] }
      assert.deepEqual(await filed.reload(config), changed)
      assert.equal(filed.lines.at(-1)?.['changed'], 'capabilities')
      // The models are the same.
      filed.files.set(path, textOf({ 'xai.*': { tools: false } }, '2026-11-03'))
      assert.deepEqual(await filed.reload(config), NO_CHANGES)
    })
  }

  it('reads the credential again', async () => {
    const { gateway, reload } = await openFiledGateway({ config: A })
    const before = gateway.oci
    await reload(A)
    assert.notEqual(gateway.oci, before)
  })

  it('changes the level of the log', async () => {
    const { reload, send, lines } = await openFiledGateway({ config: A })
    await reload({ ...A, logLevel: 'error' })
    lines.length = 0
    await send('/v1/chat/completions', { key: 'key-a', body: chatOf() })
    assert.deepEqual(lines, [])
    await reload(A)
    await send('/v1/chat/completions', { key: 'key-a', body: chatOf() })
    assert.ok(lines.some(({ event }) => event === 'request'))
  })
})

describe('reload() of an invalid configuration', () => {
  const invalid: [name: string, config: object | string, cause: RegExp][] = [
    [
      'an unknown key',
      '{\n  "prot": 1\n}',
      /^\/etc\/gateway\/gateway\.config\.jsonc:2:3: prot: unknown key\. Did you mean port\?$/,
    ],
    ['invalid JSON', '{"limits": {}', /gateway\.config\.jsonc:1:14: invalid JSON: the end is/],
    [
      'several problems',
      { limits: { maxTools: 0 }, retry: { maxAttempts: 'x' } },
      /limits\.maxTools: must be 1 or more; .*retry\.maxAttempts: must be a number$/,
    ],
    [
      'a secret that is missing',
      { access: { apiKeys: ['file:/run/none'] } },
      /^Cannot read access\.apiKeys from file:\/run\/none: the file does not exist$/,
    ],
    ['a missing profile', { ...A, credential: { auth: 'security_token' } }, /^Cannot/],
  ]
  for (const [name, config, cause] of invalid) {
    it(`Z10 changes nothing and reports ${name}`, async () => {
      const { gateway, reload, send, lines } = await openFiledGateway({ config: A })
      const { app } = gateway
      const outcome = await reload(config)
      assert.equal(outcome.type, 'failed')
      const line = lines.at(-1)
      assert.deepEqual([line?.level, line?.event], ['error', 'config_not_reloaded'])
      assert.match(String(line?.['cause']), cause)
      assert.equal(gateway.app, app)
      assert.equal((await send('/v1/chat/completions', { key: 'key-a', body: CHAT })).status, 200)
    })
  }

  it('reports a file that is gone', async () => {
    const { gateway, files } = await openFiledGateway({ config: A })
    files.delete(PATH)
    assert.equal((await gateway.reloader.reload()).type, 'failed')
    assert.equal(gateway.config.access.apiKeys[0], 'key-a')
  })

  it('does not forget a change that a failure of the network has prevented', async () => {
    const vault = 'vault://ocid1.vaultsecret.oc1.iad.aaaa'
    const { gateway, reload } = await openFiledGateway({
      config: A,
      upstream(url) {
        return url.includes('secrets.vaults') ? Promise.reject(new TypeError('down')) : undefined
      },
    })
    const outcome = await reload({ access: { apiKeys: ['key-a'], adminKey: vault } })
    assert.equal(outcome.type, 'failed')
    assert.equal(gateway.reloader.lastRead(), undefined)
    await reload({ access: { apiKeys: [] }, prot: 1 })
    assert.notEqual(gateway.reloader.lastRead(), undefined)
  })

  it('limits the length of the line', async () => {
    const { reload, lines } = await openFiledGateway({ config: A })
    const names = Array.from({ length: 1_000 }, (_, index) => [`key${index}`, 1])
    await reload(Object.fromEntries(names))
    assert.equal(String(lines.at(-1)?.['cause']).length, 2_000)
  })
})

describe('reload() of a gateway that other machines reach', () => {
  it('keeps its keys although the new file is for a loopback address', async () => {
    const { gateway, reload } = await openFiledGateway({ config: { ...A, host: '0.0.0.0' } })
    const outcome = await reload({ host: '127.0.0.1' })
    assert.match(outcome.type === 'failed' ? outcome.problems.join() : '', /GATEWAY_API_KEYS/)
    assert.deepEqual(gateway.config.access.apiKeys, ['key-a'])
  })

  it('keeps its keys if it listens on another address than that of the configuration', async () => {
    const { gateway, reload } = await openFiledGateway({ config: A })
    gateway.reloader.listensOn('127.0.0.1')
    assert.equal((await reload({})).type, 'reloaded')
    await reload(A)
    gateway.reloader.listensOn('0.0.0.0')
    assert.equal((await reload({})).type, 'failed')
    assert.equal((await reload(B)).type, 'reloaded')
  })

  it('warns when no request needs a key any more', async () => {
    const { reload, lines } = await openFiledGateway({ config: A })
    const warnings = () => lines.filter(({ event }) => event === 'config_without_keys').length
    await reload(B)
    assert.equal(warnings(), 0)
    assert.equal((await reload({ aliases: {} })).type, 'reloaded')
    assert.equal(warnings(), 1)
    await reload({})
    assert.equal(warnings(), 1)
  })

  it('does not count on a store that the configuration removes', async () => {
    const { gateway, reload } = await openFiledGateway({
      config: { ...A, store: 'memory:' },
      store: createMemoryStore(),
    })
    gateway.reloader.listensOn('::')
    assert.equal((await reload({ store: 'memory:' })).type, 'failed')
  })
})

describe('the state of a gateway', () => {
  it('keeps running requests in the count of the limiter', async () => {
    const limits = { maxConcurrentRequests: 2, maxConcurrentRequestsPerClient: 2 }
    const { reload, send } = await openFiledGateway({ config: { ...A, limits } })
    const open = () =>
      send('/v1/chat/completions', { key: 'key-a', body: chatOf({ stream: true }) })
    const running = [await open(), await open()]
    await reload({ ...A, limits })
    assert.equal((await open()).status, 503)
    await reload({ ...A, limits: { ...limits, maxConcurrentRequests: 3 } })
    // Still two of the client.
    assert.equal((await open()).status, 503)
    await reload({ ...A, limits: { maxConcurrentRequests: 3, maxConcurrentRequestsPerClient: 3 } })
    running.push(await open())
    assert.equal(running.at(-1)?.status, 200)
    await reload({ ...A, limits: { maxConcurrentRequests: 1, maxConcurrentRequestsPerClient: 1 } })
    assert.equal((await open()).status, 503)
    for (const response of running) await response.text()
    const last = await open()
    assert.equal(last.status, 200)
    await last.text()
  })

  it('keeps the rate of a stored key', async () => {
    const store = createMemoryStore()
    const { reload, send } = await openFiledGateway({ config: { logLevel: 'info' }, store })
    const text = createKeySecret()
    const time = Date.now()
    const settings = { id: createKeyId(), hash: await hashKey(text), now: time }
    const key = newKeyRecord({ name: 'alice', rpm: 3 }, settings)
    await store.createKey(key, { actor: 'test', action: 'create', target: '', detail: '', time })
    const statuses: number[] = []
    for (const logLevel of ['warn', 'info', 'warn', 'info']) {
      const response = await send('/v1/chat/completions', { key: text, body: chatOf(OWN_MODEL) })
      statuses.push(response.status)
      await response.text()
      await reload({ logLevel })
    }
    assert.deepEqual(statuses, [200, 200, 200, 429])
  })

  it('keeps counting invalid keys', async () => {
    const config = { ...A, limits: { failedAuthPerMinute: 3 } }
    const { reload, send } = await openFiledGateway({ config })
    const statuses: number[] = []
    for (const next of [config, B, config, config]) {
      statuses.push((await send('/v1/models', { key: 'wrong' })).status)
      await reload({ ...next, limits: { failedAuthPerMinute: 3 } })
    }
    assert.deepEqual(statuses, [401, 401, 401, 429])
  })

  it('keeps circuits, and applies their new settings', async () => {
    const down = () => Promise.resolve(Response.json({ code: 'X', message: 'no' }, { status: 503 }))
    let isDown = true
    const breaker = (minimumRequests: number) => ({
      ...{ ...A, retry: { maxAttempts: 1 } },
      circuitBreaker: { minimumRequests, openSeconds: 600 },
    })
    const { gateway, reload, send } = await openFiledGateway({
      config: breaker(3),
      upstream: (url) => isDown && url.includes('/chat') ? down() : undefined,
    })
    const ask = async () => {
      const response = await send('/v1/chat/completions', { key: 'key-a', body: chatOf() })
      return (await response.json()).error?.message ?? 'answer'
    }
    for (let count = 0; count < 3; count++) await ask()
    await reload(breaker(3))
    isDown = false
    assert.match(await ask(), /circuit open/)
    const state = gateway.telemetry.collect().find(({ definition }) =>
      definition.name === 'gateway.circuits'
    )
    assert.ok(state?.samples.some((sample) => sample.labels.includes('open')))
    await reload(breaker(0))
    assert.equal(await ask(), 'answer')
  })

  it('keeps stored responses, and removes them where they are stored no longer', async () => {
    const { reload, send } = await openFiledGateway({ config: A })
    const body = { model: 'my-model', input: 'Hello', store: true }
    const created = await (await send('/v1/responses', { key: 'key-a', body })).json()
    const find = async () => (await send(`/v1/responses/${created.id}`, { key: 'key-a' })).status
    await reload({ ...A, aliases: {} })
    assert.equal(await find(), 200)
    await reload({ ...A, responses: { store: { maxItems: 0 } } })
    await reload(A)
    assert.equal(await find(), 404)
  })

  it('keeps the recent requests and the start of the console', async () => {
    const config = { ...A, access: { apiKeys: ['key-a'], adminKey: 'admin' } }
    const { reload, send } = await openFiledGateway({ config })
    await send('/v1/chat/completions', { key: 'key-a', body: chatOf() })
    const read = async () => await (await send('/admin/v1/requests', { key: 'admin' })).json()
    const before = await read()
    await reload(config)
    const after = await read()
    assert.equal(after.since, before.since)
    assert.ok(after.requests.some(({ path }: { path: string }) => /chat/.test(path)))
  })

  it('holds no configuration that is replaced', async () => {
    const { gateway, reload, send } = await openFiledGateway({ config: A })
    const old: WeakRef<object>[] = []
    for (let count = 0; count < 20; count++) {
      const config = count % 2 === 0 ? B : A
      old.push(new WeakRef(gateway.app), new WeakRef(gateway.oci))
      await (await send('/v1/models', { key: count % 2 === 0 ? 'key-a' : 'key-b' })).text()
      await reload(config)
    }
    const isCollected = await collectGarbage(() => old.filter((ref) => ref.deref()).length <= 4)
    assert.ok(isCollected, `${old.filter((ref) => ref.deref()).length} of ${old.length} remain`)
  })
})
