import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeExpected } from '../src/expected-type.ts'

const cases: [expected: string | null, description: string][] = [
  ['string', 'a string'],
  ['(string | Array)', 'a string or an array'],
  ['("a" | "b" | "c")', '"a", "b" or "c"'],
  ['Object', 'an object'],
  ['null', 'null'],
  [null, 'a different value'],
]

describe('describeExpected()', () => {
  for (const [expected, description] of cases) {
    it(`describes ${expected} as ${description}`, () => {
      assert.equal(describeExpected(expected), description)
    })
  }
})
