import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGateway } from '../../src/package/gateway.ts'
import { createSimulator, type SimulatedRequest } from '../../src/package/simulator.ts'

describe('createSimulator()', () => {
  it('is a complete test set-up with createGateway()', async () => {
    const seen: SimulatedRequest[] = []
    const simulator = await createSimulator({ onRequest: (request) => void seen.push(request) })
    const gateway = await createGateway({ env: simulator.env, fetch: simulator.fetch })
    const response = await gateway.request('/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'meta.llama-3.3-70b-instruct', input: 'Hello' }),
    })
    assert.equal(response.status, 200, await response.clone().text())
    const [{ method, path, json } = { method: '', path: '', json: {} }] = seen
    assert.deepEqual([method, path], ['POST', '/20231130/actions/chat'])
    assert.ok(JSON.stringify(json).includes('"Hello"'))
  })

  it('rejects what has no valid signature, in each form of fetch', async () => {
    const { fetch } = await createSimulator()
    const url = 'https://generativeai.us-chicago-1.oci.oraclecloud.com/20231130/models'
    const statuses = await Promise.all([
      fetch(url),
      fetch(new URL(url), { method: 'GET' }),
      // As an HTTP server calls its handler.
      fetch(new Request(url), { incoming: {} } as RequestInit),
    ].map(async (answer) => (await answer).status))
    assert.deepEqual(statuses, [401, 401, 401])
  })

  it('does not accept the credential of another simulator', async () => {
    const [one, other] = [await createSimulator(), await createSimulator()]
    const gateway = await createGateway({ env: one.env, fetch: other.fetch })
    const response = await gateway.request('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'xai.grok-4.3', messages: [{ role: 'user', content: 'Hi' }] }),
    })
    assert.equal(response.status, 502)
  })
})
