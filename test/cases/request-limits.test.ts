import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { postJson } from './post-json.ts'
import type { ErrorBody } from './wire.ts'

const MIB = 1024 * 1024
const MODEL = 'xai.grok-4.3'
const HELLO = [{ role: 'user', content: 'Hi' }]

describe('the size of a request body', () => {
  it('R-C11 may be up to 32 MiB; a 413 names the setting', async () => {
    const gateway = await openTestGateway()
    const post = (path: string, bytes: number) =>
      gateway.fetch(path, { method: 'POST', body: `{${' '.repeat(bytes - 2)}}` })
    const read = await post('/v1/chat/completions', 32 * MIB)
    assert.equal(read.status, 400)
    assert.match(await read.text(), /\\"model\\" is required/)
    for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/embeddings']) {
      const refused = await post(path, 32 * MIB + 1)
      assert.equal(refused.status, 413)
      assert.match(await refused.text(), /limits\.maxBodyMiB/)
    }
  })
})

/** Whole numbers that JSON can express but a double cannot. */
const NUMBERS: readonly (readonly [path: string, body: object, member: string])[] = [
  ['/v1/chat/completions', { messages: HELLO }, 'seed'],
  ['/v1/chat/completions', { messages: HELLO }, 'max_completion_tokens'],
  ['/v1/chat/completions', { messages: HELLO }, 'top_k'],
  ['/v1/chat/completions', { messages: HELLO }, 'n'],
  ['/v1/completions', { prompt: 'a' }, 'seed'],
  ['/v1/completions', { prompt: 'a' }, 'max_tokens'],
  ['/v1/responses', { input: 'a' }, 'max_output_tokens'],
  ['/v1/messages', { messages: HELLO }, 'max_tokens'],
  ['/v1/embeddings', { input: 'a' }, 'dimensions'],
  ['/v1/rerank', { query: 'a', documents: ['b'] }, 'top_n'],
]

describe('a whole number in a request', () => {
  for (const [path, body, member] of NUMBERS) {
    it(`R-C11 beyond 2^53 is a clear 400: ${path} ${member}`, async () => {
      const gateway = await openTestGateway()
      for (const number of [2 ** 53, 12345678901234567890, 1e300]) {
        const request = { model: MODEL, max_tokens: 10, ...body, [member]: number }
        const { status, reply } = await postJson<Partial<ErrorBody>>(gateway, path, request)
        assert.equal(status, 400)
        const message = reply.error?.message ?? ''
        assert.match(message, new RegExp(`"?${member}"? must be within`), message)
      }
      assert.deepEqual(gateway.calls, [])
    })
  }

  it('R-C11 may be as large as 2^53 - 1', async () => {
    const { ask } = await openTestGateway()
    const { sent: [request] } = await ask({ model: MODEL, messages: HELLO, seed: 2 ** 53 - 1 })
    assert.equal(request?.['seed'], 2 ** 53 - 1)
  })
})
