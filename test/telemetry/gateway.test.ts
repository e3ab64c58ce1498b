import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, it } from 'node:test'
import { ALL_METRICS } from '../../src/telemetry/metrics/definitions.ts'
import { prometheusName } from '../../src/telemetry/metrics/metric.ts'
import type { LedgerRow } from '../../src/store/records.ts'
import { openTestGateway } from '../cases/gateway.ts'
import { openKeyedGateway } from '../keys/gateway.ts'
import { valueOf } from './metrics/read-metrics.ts'

const CHAT = { model: 'xai.grok-4.3', messages: [{ role: 'user', content: 'Hello' }] }
const MISSING = (await exitCode('promtool', ['--version'])) === undefined
const SKIPPED = MISSING && 'promtool is missing: run tools/install-test-engines.sh'

describe('GET /metrics', () => {
  it('needs no key on a gateway without keys', async () => {
    const gateway = await openTestGateway()
    await gateway.ask(CHAT)
    const response = await gateway.fetch('/metrics')
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    const text = await response.text()
    const labels = { api: 'chat', model: CHAT.model, status: '200' }
    assert.equal(valueOf(text, 'gateway_requests_total', labels), 1)
    assert.equal((await gateway.fetch('/metrics', { method: 'POST' })).status, 405)
  })

  const keys = [
    ['no key', {}, undefined, 200],
    ['an API key, where there is no other one', { GATEWAY_API_KEYS: 'sk-one' }, 'sk-one', 200],
    ['no key, where an API key is needed', { GATEWAY_API_KEYS: 'sk-one' }, undefined, 401],
    ['the metrics key', { GATEWAY_METRICS_KEY: 'met' }, 'met', 200],
    ['no key, where there is a metrics key', { GATEWAY_METRICS_KEY: 'met' }, undefined, 401],
    ['the administration key', { GATEWAY_ADMIN_KEY: 'adm' }, 'adm', 200],
    [
      'an API key, where there is an administration key',
      {
        ...{ GATEWAY_ADMIN_KEY: 'adm', GATEWAY_API_KEYS: 'sk-one' },
      },
      'sk-one',
      401,
    ],
  ] as const
  for (const [name, env, key, status] of keys) {
    it(`answers ${status} to ${name}`, async () => {
      const gateway = await openTestGateway({ env })
      const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
      assert.equal((await gateway.fetch('/metrics', { headers })).status, status)
    })
  }

  it('does not let the metrics key call models or the administration', async () => {
    const env = { GATEWAY_METRICS_KEY: 'met', GATEWAY_ADMIN_KEY: 'adm', GATEWAY_API_KEYS: 'sk' }
    const { send } = await openKeyedGateway({ env })
    for (const path of ['/v1/models', '/admin/v1/keys']) {
      assert.equal((await send(path, { key: 'met' })).status, 401, path)
    }
  })

  it('counts rejected keys and invented models in a bounded number of series', async () => {
    const gateway = await openTestGateway({ env: { GATEWAY_API_KEYS: 'sk-one' } })
    const read = async () => {
      const headers = { authorization: 'Bearer sk-one' }
      return await (await gateway.fetch('/metrics', { headers })).text()
    }
    const send = async (from: number, count: number) => {
      for (let index = from; index < from + count; index++) {
        const body = JSON.stringify({ ...CHAT, model: `invented-${index}` })
        const authorization = index % 2 === 0 ? `Bearer guess-${index}` : 'Bearer sk-one'
        await gateway.fetch('/v1/chat/completions', {
          ...{ method: 'POST', body, headers: { authorization } },
        })
      }
    }
    await send(0, 80)
    // The request for metrics has a series of its own.
    await read()
    const before = (await read()).split('\n').length
    await send(80, 120)
    const text = await read()
    assert.equal(text.split('\n').length, before)
    assert.doesNotMatch(text, /invented|guess/)
  })

  it("has the ledger's sums of requests, tokens and money", async () => {
    const { gateway, store, createKey, send } = await openKeyedGateway()
    const names = ['alice', 'bob']
    const keys = await Promise.all(names.map((name) => createKey({ name })))
    for (const [index, { text }] of keys.entries()) {
      for (const stream of [true, false]) {
        for (const model of ['xai.grok-4.3', 'cohere.command-a-03-2025', 'openai.gpt-oss-20b']) {
          const body = { ...CHAT, model, stream, n: index + 1 }
          await (await send('/v1/chat/completions', { key: text, body })).text()
        }
      }
      const body = { model: 'cohere.embed-v4.0', input: ['one', 'two'] }
      await send('/v1/embeddings', { key: text, body })
    }
    await gateway.stored?.metering.flush()
    const rows = await Array.fromAsync(store.rows({}))
    const text = await (await gateway.app.request('http://127.0.0.1/metrics', {
      headers: { authorization: `Bearer ${keys[0]?.text}` },
    })).text()
    assert.ok(rows.length >= 12)
    for (const model of new Set(rows.map((row) => row.model))) {
      const own = rows.filter((row) => row.model === model)
      const tokens = (kind: string) => valueOf(text, 'gateway_tokens_total', { model, kind })
      assert.equal(tokens('prompt'), sum(own, 'promptTokens'), model)
      assert.equal(tokens('completion'), sum(own, 'completionTokens'), model)
      assert.equal(tokens('cached'), sum(own, 'cachedTokens'), model)
      assert.equal(tokens('reasoning'), sum(own, 'reasoningTokens'), model)
      const cost = valueOf(text, 'gateway_cost_usd_total', { model })
      assert.equal(Math.round(cost * 1e9), sum(own, 'cost'), model)
    }
    for (const [index, key] of names.entries()) {
      const own = rows.filter((row) => row.key === keys[index]?.record.id)
      assert.equal(valueOf(text, 'gateway_key_requests_total', { key }), own.length)
      const cost = valueOf(text, 'gateway_key_cost_usd_total', { key })
      assert.equal(Math.round(cost * 1e9), sum(own, 'cost'))
    }
  })

  it('has no metric that is not documented, and knows the state of store and limits', async () => {
    const { gateway, createKey, send } = await openKeyedGateway()
    const { text: key } = await createKey({ name: 'alice' })
    await send('/v1/chat/completions', { key, body: CHAT })
    const headers = { authorization: `Bearer ${key}` }
    const text = await (await gateway.app.request('http://127.0.0.1/metrics', { headers })).text()
    const known = new Set(ALL_METRICS.map(prometheusName))
    const found = Array.from(text.matchAll(/^# TYPE (\S+) /gm), ([, name = '']) => name)
    assert.deepEqual(found.filter((name) => !known.has(name)), [])
    assert.equal(valueOf(text, 'gateway_store_up', {}), 1)
    assert.equal(valueOf(text, 'gateway_concurrent_requests_limit', {}), 1_024)
    assert.equal(valueOf(text, 'gateway_reservations', {}), 0)
    const circuit = { region: 'us-chicago-1', state: 'closed' }
    assert.equal(valueOf(text, 'gateway_circuits', circuit), 1)
  })

  it('is accepted by promtool', { skip: SKIPPED }, async () => {
    const { gateway, createKey, send } = await openKeyedGateway()
    const { text: key } = await createKey({ name: 'a"b\\c' })
    for (const more of [{}, { stream: true }, { model: 'none' }]) {
      await (await send('/v1/chat/completions', { key, body: { ...CHAT, ...more } })).text()
    }
    const headers = { authorization: `Bearer ${key}` }
    const text = await (await gateway.app.request('http://127.0.0.1/metrics', { headers })).text()
    assert.equal(await exitCode('promtool', ['check', 'metrics'], text), 0)
  })
})

type Counted = 'promptTokens' | 'completionTokens' | 'cachedTokens' | 'reasoningTokens' | 'cost'

function sum(rows: readonly LedgerRow[], member: Counted): number {
  return rows.reduce((total, row) => total + (row[member] ?? 0), 0)
}

/** `undefined` if the program does not exist. Its complaints are shown. */
function exitCode(
  command: string,
  args: readonly string[],
  input = '',
): Promise<number | null | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'inherit'] })
    child.on('error', () => resolve(undefined))
    child.on('close', (code) => resolve(code))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
