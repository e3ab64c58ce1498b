import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { messageFor } from '../../src/entry/exit-codes.ts'

describe('messageFor()', () => {
  it('is the text of an error or a value', () => {
    assert.equal(messageFor(new Error('No')), 'No')
    assert.equal(messageFor('text'), 'text')
  })
})
