import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RANDOM_ID, serve } from './serve.ts'

const cases: [name: string, headers: Record<string, string>, id: string][] = [
  ['creates an id', {}, RANDOM_ID],
  ["keeps the client's id", { 'x-request-id': 'abc_1-2' }, 'abc_1-2'],
  ["keeps the client's id in OpenAI's header", { 'x-client-request-id': 'abc' }, 'abc'],
  ['prefers x-request-id', { 'x-request-id': 'a', 'x-client-request-id': 'b' }, 'a'],
  ['keeps an id of 64 characters', { 'x-request-id': 'a'.repeat(64) }, 'a'.repeat(64)],
  ['replaces a longer id', { 'x-request-id': 'a'.repeat(65) }, RANDOM_ID],
  ['Z05 replaces an id with a space', { 'x-request-id': 'a b' }, RANDOM_ID],
  ['replaces an empty id', { 'x-request-id': '' }, RANDOM_ID],
]

describe('assignRequestId()', () => {
  for (const [name, headers, id] of cases) {
    it(name, async () => {
      const { response } = await serve((c) => c.text(c.var.requestId), { headers })
      assert.deepEqual([await response.text(), response.headers.get('x-request-id')], [id, id])
      // Anthropic's name for it is of its paths alone.
      assert.equal(response.headers.get('request-id'), null)
    })
  }

  it('R14 sets the id of a failed request', async () => {
    const { response } = await serve(() => {
      throw new Error('defect')
    }, { headers: { 'x-request-id': 'abc' } })
    assert.equal(response.headers.get('x-request-id'), 'abc')
  })
})
