import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { joinRequestIds } from '../../src/oci/answer.ts'

describe('joinRequestIds()', () => {
  const cases: [name: string, ids: (string | undefined)[], joined: string | undefined][] = [
    ['returns a single id', ['a'], 'a'],
    ['joins several ids', ['a', 'b'], 'a, b'],
    ['omits duplicates', ['a', 'b', 'a'], 'a, b'],
    ['omits absent ids', [undefined, 'b'], 'b'],
    ['returns undefined without ids', [undefined], undefined],
  ]
  for (const [name, ids, joined] of cases) {
    it(name, () => {
      assert.equal(joinRequestIds(ids.map((opcRequestId) => ({ opcRequestId }))), joined)
    })
  }
})
