import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkHost } from '../../src/middleware/check-host.ts'
import { serve } from './serve.ts'

const accepted = [
  ...['localhost', 'LOCALHOST:1', '127.0.0.1', '127.3.2.1:8050', '[::1]', '[::1]:80'],
  ...['gateway.internal', 'gateway.internal:8050'],
]
const rejected = [
  ...['evil.example', 'localhost.evil.example:80', '127.0.0.1.evil.example', '0.0.0.0', 'other'],
  ...['127.0.0.1@evil.example', '10.0.0.1', '[::2]:80', ''],
]

describe('checkHost()', () => {
  for (const host of accepted) {
    it(`accepts ${host}`, async () => assert.equal((await sendRequest(host)).status, 200))
  }

  for (const host of rejected) {
    it(`rejects "${host}"`, async () => {
      const response = await sendRequest(host)
      assert.equal(response.status, 403)
      assert.equal((await response.json()).error.code, 'permission_denied')
    })
  }

  it('uses the URL when there is no host header', async () => {
    const { response } = await serve((c) => c.text('in'), {}, checkHost([]))
    assert.equal(response.status, 200)
  })
})

async function sendRequest(host: string): Promise<Response> {
  const names = checkHost(['gateway.internal'])
  return (await serve((c) => c.text('in'), { headers: { host } }, names)).response
}
