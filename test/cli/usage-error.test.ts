import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unknownName } from '../../src/cli/usage-error.ts'

const CASES: readonly [name: string, known: readonly string[], message: string][] = [
  ['alcie', ['bob', 'alice'], 'Unknown key "alcie". Did you mean alice?'],
  ['x', ['bob', 'alice'], 'Unknown key "x". Known: bob, alice'],
  ['x', [], 'Unknown key "x". There is none'],
]

describe('unknownName()', () => {
  for (const [name, known, message] of CASES) {
    it(`names ${known.length} known names for "${name}"`, () => {
      assert.equal(unknownName('key', name, known).message, message)
    })
  }
})
