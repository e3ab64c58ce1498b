import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatDuration } from '../../src/diagnosis/duration.ts'

describe('formatDuration()', () => {
  const cases: [milliseconds: number, text: string][] = [
    [0, '0 s'],
    [400, '0 s'],
    [-5_000, '5 s'],
    [378_000, '6 min 18 s'],
    [3_600_000, '1 h'],
    [3_601_000, '1 h'],
    [7_260_000, '2 h 1 min'],
    [90_061_000, '1 d 1 h'],
  ]
  for (const [milliseconds, text] of cases) {
    it(`formats ${milliseconds} ms as ${text}`, () => {
      assert.equal(formatDuration(milliseconds), text)
    })
  }
})
