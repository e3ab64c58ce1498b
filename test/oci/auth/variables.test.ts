import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readAddress, readVariable, requireVariables } from '../../../src/oci/auth/variables.ts'

describe('readVariable()', () => {
  it('returns the first value that is set, trimmed', () => {
    assert.equal(readVariable({ A: ' ', B: ' b\n', C: 'c' }, 'X', 'A', 'B', 'C'), 'b')
    assert.equal(readVariable({ A: ' ' }, 'A'), undefined)
  })
})

describe('requireVariables()', () => {
  it('returns all values', () => {
    assert.deepEqual(requireVariables({ A: 'a', B: ' b ' }, ['A', 'B'], 'it'), { A: 'a', B: 'b' })
  })

  it('names the missing variable', () => {
    assert.throws(() => requireVariables({ A: 'a' }, ['A', 'B'], 'it'), {
      code: 'configuration_error',
      reason: 'missing_variable',
      message: 'Cannot use it: B is not set',
    })
  })
})

describe('readAddress()', () => {
  it('reads the first variable that is set', () => {
    const address = readAddress({ A: '', B: 'http://b:8/c', C: 'x' }, 'A', 'B', 'C')
    assert.equal(address?.href, 'http://b:8/c')
    assert.equal(readAddress({}, 'A'), undefined)
  })

  for (const text of ['b', 'file:///b', 'https://u:p@b', 'https://b?q=1']) {
    it(`rejects ${text} without quoting it`, () => {
      assert.throws(() => readAddress({ A: text }, 'A'), {
        code: 'configuration_error',
        reason: 'bad_address',
        message: 'Cannot use A: it is not an http(s) URL',
      })
    })
  }
})
