import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RECORDED } from '../fuzz/recordings.ts'
import { readSplit, splitAnywhere } from '../fuzz/split-streams.ts'

describe('a recorded stream', () => {
  it('is one of at least seventeen, in three formats', () => {
    assert.ok(RECORDED.length >= 17)
    assert.deepEqual(
      [...new Set(RECORDED.map(({ format }) => format))].sort(),
      ['cohere', 'cohere2', 'generic'],
    )
  })

  for (const { name, format, text } of RECORDED) {
    it(`X01 X02 reads the same when split in two at every byte: ${name}`, () => {
      const bytes = new TextEncoder().encode(text)
      const expected = readSplit(format, bytes, [])
      assert.match(expected, /"type":"finish"/)
      for (let at = 0; at <= bytes.length; at++) {
        assert.equal(readSplit(format, bytes, [at]), expected, `cut at ${at}`)
      }
    })
  }

  it('X01 X03 reads the same when split anywhere, with any line endings', () => {
    assert.deepEqual(splitAnywhere(RECORDED, 1_000, 1), { runs: 1_000, differences: [] })
  })
})
