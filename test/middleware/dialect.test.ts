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
  ['/', 'openai'],
]

describe('dialectOf()', () => {
  for (const [path, dialect] of paths) {
    it(`is ${dialect} for ${path}`, () => {
      assert.equal(dialectOf(path), dialect)
    })
  }
})
