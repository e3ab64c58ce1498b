import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { httpDate } from '../../../src/oci/signing/http-date.ts'

describe('httpDate()', () => {
  it('drops the fraction and follows the second, forwards and back', () => {
    const times = [1_783_934_813_000, 1_783_934_813_999, 1_783_934_814_000, 1_783_934_813_500, 0]
    assert.deepEqual(times.map(httpDate), [
      'Mon, 13 Jul 2026 09:26:53 GMT',
      'Mon, 13 Jul 2026 09:26:53 GMT',
      'Mon, 13 Jul 2026 09:26:54 GMT',
      'Mon, 13 Jul 2026 09:26:53 GMT',
      'Thu, 01 Jan 1970 00:00:00 GMT',
    ])
  })
})
