import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { listItems, type PageQuery } from '../../../src/openai/responses/list-items.ts'

const ITEMS = ['a', 'b', 'c', 'd'].map((id) => ({ id, type: 'message' }))

const pages: [query: PageQuery, ids: string[], more: boolean][] = [
  [{}, ['d', 'c', 'b', 'a'], false],
  [{ order: 'asc' }, ['a', 'b', 'c', 'd'], false],
  [{ limit: '2' }, ['d', 'c'], true],
  [{ limit: '2', after: 'c' }, ['b', 'a'], false],
  [{ limit: '2', after: 'a', order: 'asc' }, ['b', 'c'], true],
  [{ after: 'a' }, [], false],
]

describe('listItems()', () => {
  for (const [query, ids, more] of pages) {
    it(`returns the page ${JSON.stringify(query)}`, () => {
      assert.deepEqual(listItems(ITEMS, query), {
        object: 'list',
        data: ids.map((id) => ({ id, type: 'message' })),
        first_id: ids[0] ?? null,
        last_id: ids.at(-1) ?? null,
        has_more: more,
      })
    })
  }

  it('rejects an invalid limit', () => {
    for (const limit of ['0', '101', '1.5', 'x', '']) {
      assert.throws(() => listItems(ITEMS, { limit }), { status: 400, param: 'limit' })
    }
  })
})
