import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BodyBytes } from '../../src/routes/body-bytes.ts'

const KIB = 1024

describe('BodyBytes', () => {
  for (
    const [title, sizes] of [
      ['nothing', []],
      ['small pieces', [1, 2, 3]],
      ['large pieces', [64 * KIB, 64 * KIB]],
      ['both in turn', [1, 20 * KIB, 5, 100 * KIB, 7, 15 * KIB]],
      ['more small pieces than a block has room for', Array<number>(20).fill(15 * KIB)],
    ] as const
  ) {
    it(`joins ${title}`, () => {
      const body = new BodyBytes()
      const expected = sizes.map((size, at) => String(at % 10).repeat(size)).join('')
      for (const [at, size] of sizes.entries()) {
        body.append(new TextEncoder().encode(String(at % 10).repeat(size)))
      }
      assert.equal(body.length, expected.length)
      assert.equal(body.takeText(), expected)
    })
  }

  it('joins a character that is cut between a small and a large piece', () => {
    const body = new BodyBytes()
    const bytes = new TextEncoder().encode(`日${'a'.repeat(20 * KIB)}`)
    body.append(bytes.subarray(0, 1))
    body.append(bytes.subarray(1))
    assert.equal(body.takeText(), `日${'a'.repeat(20 * KIB)}`)
  })

  it('F4: copies small pieces, so that what they are a view of is released', () => {
    const body = new BodyBytes()
    const piece = new TextEncoder().encode('a')
    body.append(piece)
    piece[0] = 0
    assert.equal(body.takeText(), 'a')
  })
})
