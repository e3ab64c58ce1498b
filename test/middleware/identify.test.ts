import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RANDOM_ID, serve } from './serve.ts'

const cases: [name: string, headers: Record<string, string>, id: string][] = [
  ['names a request', {}, RANDOM_ID],
  ["keeps the client's name", { 'x-request-id': 'abc_1-2' }, 'abc_1-2'],
  ["keeps it under OpenAI's name", { 'x-client-request-id': 'abc' }, 'abc'],
  ['prefers the usual name', { 'x-request-id': 'a', 'x-client-request-id': 'b' }, 'a'],
  ['keeps a name of 64 letters', { 'x-request-id': 'a'.repeat(64) }, 'a'.repeat(64)],
  ['replaces a longer name', { 'x-request-id': 'a'.repeat(65) }, RANDOM_ID],
  ['Z05 replaces a name that is none', { 'x-request-id': 'a b' }, RANDOM_ID],
  ['replaces an empty name', { 'x-request-id': '' }, RANDOM_ID],
]

describe('identify()', () => {
  for (const [name, headers, id] of cases) {
    it(name, async () => {
      const { response } = await serve((c) => c.text(c.var.requestId), { headers })
      assert.deepEqual([await response.text(), response.headers.get('x-request-id')], [id, id])
      // Anthropic's name for it is of its paths alone.
      assert.equal(response.headers.get('request-id'), null)
    })
  }

  it('R14 names a request also where it fails', async () => {
    const { response } = await serve(() => {
      throw new Error('defect')
    }, { headers: { 'x-request-id': 'abc' } })
    assert.equal(response.headers.get('x-request-id'), 'abc')
  })
})
