import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dialectOf } from '../../src/middleware/dialect.ts'

const paths: [path: string, dialect: 'anthropic' | 'openai'][] = [
  ['/v1/messages', 'anthropic'],
  ['/messages', 'anthropic'],
  ['/v1/messages/', 'anthropic'],
  ['/v1/messages/count_tokens', 'anthropic'],
  ['/v1/messages/batches', 'anthropic'],
  ['/v1/v1/messages', 'anthropic'],
  ['/v1/messages2', 'openai'],
  ['/v1/threads/1/messages', 'openai'],
  ['/v1/chat/completions', 'openai'],
  ['//v1/messages', 'anthropic'],
  ['/v1/files', 'openai'],
  ['/', 'openai'],
]

describe('dialectOf()', () => {
  for (const [path, dialect] of paths) {
    it(`is ${dialect} for ${path}`, () => {
      assert.equal(dialectOf({ path, header: () => undefined }), dialect)
    })
  }

  it('R-D4 is anthropic for any path of its clients, which send a version', () => {
    const header = (name: string) => name === 'anthropic-version' ? '2023-06-01' : undefined
    assert.equal(dialectOf({ path: '/v1/files', header }), 'anthropic')
  })
})
