import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ContractTarget, post } from '../contract/target.ts'
import { startOci } from './oci.ts'
import { startGateway } from './start.ts'

const ADMIN_KEY = 'administration-key'
const BODY = { model: 'xai.grok-4.3', messages: [{ role: 'user', content: 'Hello' }] }

const asAdmin = (target: ContractTarget) => ({ ...target, key: ADMIN_KEY })

/** Creates a key with the administration API, and returns the gateway as its client sees it. */
async function withKey(target: ContractTarget, settings: object): Promise<ContractTarget> {
  const created = await post(asAdmin(target), '/admin/v1/keys', settings)
  assert.equal(created.status, 201, created.ok ? '' : await created.text() + target.output())
  return { ...target, key: (await created.json()).key }
}

/** The ledger has the two answers, and the key has spent what they cost. */
async function checkLedger(target: ContractTarget): Promise<void> {
  const read = async (path: string) =>
    await (await fetch(`${target.url}${path}`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    })).json()
  let row: { requests: number; errors: number; cost: string } | undefined
  // Rows are written off the path of a request, within five seconds.
  for (const end = Date.now() + 60_000; row?.requests !== 2 && Date.now() < end;) {
    const rows = await read('/admin/v1/usage?by=key')
    row = rows.find(({ key }: { key: string }) => key === 'alice')
  }
  assert.deepEqual([row?.requests, row?.errors], [2, 0])
  const { budget } = await read('/admin/v1/keys/alice')
  assert.equal(Number(budget.spent), Number(row?.cost))
  assert.equal(Number(budget.reserved), 0)
}

/** A response is continued, read by its owner only, and deleted. */
async function checkResponses(alice: ContractTarget, bob: ContractTarget): Promise<void> {
  const ask = async (target: ContractTarget, id: string, method = 'GET') =>
    (await fetch(`${target.url}/v1/responses/${id}`, {
      method,
      headers: { authorization: `Bearer ${target.key}` },
    })).status
  const stream = await post(alice, '/v1/responses', {
    ...{ model: BODY.model, input: 'Remember indigo', stream: true },
  })
  const [, id = ''] = /"id":"(resp_gw\w+)"/.exec(await stream.text()) ?? []
  const next = { model: BODY.model, input: 'Which word?', previous_response_id: id }
  const continued = await post(alice, '/v1/responses', next)
  assert.equal(continued.status, 200, await continued.text())
  assert.equal((await post(bob, '/v1/responses', next)).status, 400)
  assert.deepEqual([await ask(bob, id), await ask(alice, id)], [404, 200])
  assert.deepEqual([await ask(alice, id, 'DELETE'), await ask(alice, id)], [200, 404])
}

async function codeOf(response: Response): Promise<unknown[]> {
  return [response.status, (await response.json()).error.code]
}

describe('a gateway with a store', { concurrency: 3 }, () => {
  for (const runtime of ['node', 'bun', 'deno', 'workers'] as const) {
    it(`limits a key and reports what it costs on ${runtime}`, async () => {
      const oci = await startOci()
      const chosen = { GATEWAY_STORE: 'memory:', GATEWAY_ADMIN_KEY: ADMIN_KEY }
      // On Workers, the binding STORE replaces the store of the configuration.
      const options = { bare: true, hasStore: true }
      const gateway = await startGateway(runtime, oci, chosen, options)
      try {
        const target = { ...gateway, seen: oci.seen }
        const settings = { name: 'alice', models: ['xai.*'], rpm: 9, budget: '1/month' }
        const alice = await withKey(target, settings)

        const whole = await post(alice, '/v1/chat/completions', BODY)
        const { usage } = await whole.json()
        assert.equal(whole.headers.get('x-ratelimit-limit-requests'), '9')
        assert.ok(usage.cost > 0)
        assert.equal(Number(whole.headers.get('x-oci-cost')), usage.cost)

        const options = { stream: true, stream_options: { include_usage: true } }
        const stream = await post(alice, '/v1/chat/completions', { ...BODY, ...options })
        assert.equal(stream.headers.get('x-ratelimit-limit-requests'), '9')
        assert.match(await stream.text(), /"cost":0\.0*[1-9]/)

        const bob = await withKey(target, { name: 'bob', budget: '1tokens/total' })
        const rejected = [
          await post(alice, '/v1/chat/completions', { ...BODY, model: 'openai.gpt-oss-20b' }),
          await post(bob, '/v1/chat/completions', BODY),
          await post({ ...alice, key: 'unknown' }, '/v1/chat/completions', BODY),
        ]
        assert.deepEqual(await Promise.all(rejected.map(codeOf)), [
          [403, 'model_not_allowed'],
          [429, 'insufficient_quota'],
          [401, 'invalid_api_key'],
        ])
        await checkLedger(target)
        await checkResponses(await withKey(target, { name: 'eve' }), alice)
      } finally {
        await gateway.stop()
        oci.stop()
      }
    })
  }
})
