import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BodyBytes } from '../../src/routes/body-bytes.ts'
import { runAtOnce } from '../../src/steps.ts'

const KIB = 1024

describe('BodyBytes', () => {
  for (
    const [title, sizes] of [
      ['no chunks', []],
      ['small chunks', [1, 2, 3]],
      ['large chunks', [64 * KIB, 64 * KIB]],
      ['small and large chunks', [1, 20 * KIB, 5, 100 * KIB, 7, 15 * KIB]],
      ['more small chunks than fit into a block', Array<number>(20).fill(15 * KIB)],
    ] as const
  ) {
    it(`joins ${title}`, () => {
      const body = new BodyBytes()
      const expected = sizes.map((size, at) => String(at % 10).repeat(size)).join('')
      for (const [at, size] of sizes.entries()) {
        body.append(new TextEncoder().encode(String(at % 10).repeat(size)))
      }
      assert.equal(body.length, expected.length)
      assert.equal(runAtOnce(body.takeText()), expected)
    })
  }

  it('joins a character that is split between a small and a large chunk', () => {
    const body = new BodyBytes()
    const bytes = new TextEncoder().encode(`日${'a'.repeat(20 * KIB)}`)
    body.append(bytes.subarray(0, 1))
    body.append(bytes.subarray(1))
    assert.equal(runAtOnce(body.takeText()), `日${'a'.repeat(20 * KIB)}`)
  })

  it('F4: copies small chunks, so that their buffers are released', () => {
    const body = new BodyBytes()
    const chunk = new TextEncoder().encode('a')
    body.append(chunk)
    chunk[0] = 0
    assert.equal(runAtOnce(body.takeText()), 'a')
  })
})
