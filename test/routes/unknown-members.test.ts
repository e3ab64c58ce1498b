import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unknownMembers } from '../../src/routes/unknown-members.ts'

const SCHEMA = { entries: { model: 1, input: 1 } }

describe('unknownMembers()', () => {
  it('names what no schema knows', () => {
    const body = { model: 'm', colour: 'red', constructor: 'x' }
    assert.deepEqual(unknownMembers(body, SCHEMA), [
      'colour: not known, left out',
      'constructor: not known, left out',
    ])
  })

  it('is silent about what says nothing', () => {
    const body = { model: null, colour: null, shade: undefined, user: 'u', safety_identifier: 's' }
    assert.deepEqual(unknownMembers(body, SCHEMA), [])
  })
})
