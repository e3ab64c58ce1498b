import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { vectorOf } from '../../../src/simulator/embeddings/vector.ts'

const TEXTS = ['', ' ', 'a', '🦀', 'Paris is the capital of France', 'x '.repeat(5_000)]

describe('vectorOf()', () => {
  for (const text of TEXTS) {
    it(`has length 1 for ${JSON.stringify(text.slice(0, 12))}, deterministic`, () => {
      const vector = vectorOf(text, 384)
      assert.ok(Math.abs(cosine(vector, vector) - 1) < 1e-6)
      assert.deepEqual(vectorOf(text, 384), vector)
    })
  }

  it('returns close vectors for texts with common words', () => {
    const query = vectorOf('What is the capital of France?', 1024)
    const [near, far] = ['Paris is the capital of France.', 'Bananas ripen in warm rooms.']
      .map((text) => cosine(query, vectorOf(text, 1024)))
    assert.ok(near !== undefined && far !== undefined && near > 0.5 && far < 0.2)
  })

  it('returns different vectors for texts of the same words', () => {
    assert.notDeepEqual(vectorOf('a b', 64), vectorOf('b a', 64))
  })
})

function cosine(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0)
}
