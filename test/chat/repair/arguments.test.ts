import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { repairArguments } from '../../../src/chat/repair/arguments.ts'

/** JSON that is nested so many levels deep. */
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

describe('repairArguments()', () => {
  it('F2: refuses arguments that are nested too deep to be parsed in time', () => {
    assert.equal(repairArguments(nested(10_000)), nested(10_000))
    assert.equal(repairArguments(nested(10_001)), undefined)
    assert.equal(repairArguments(JSON.stringify(nested(10_001))), JSON.stringify(nested(10_001)))
    assert.equal(repairArguments('{"a":['.repeat(1_000_000)), undefined)
  })

  it('F2: does not count brackets in strings', () => {
    const json = JSON.stringify({ a: '['.repeat(20_000) })
    assert.equal(repairArguments(json), json)
  })
})
