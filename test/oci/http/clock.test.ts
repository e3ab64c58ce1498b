import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createClock } from '../../../src/oci/http/clock.ts'
import { NOW } from '../platform.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const learnt: [name: string, message: string, offset: number][] = [
  ['A20 ten minutes behind', refusal(NOW + 10 * MINUTE), 10 * MINUTE],
  ['A20 ten minutes ahead', refusal(NOW - 10 * MINUTE), -10 * MINUTE],
  ['A20 a week off', refusal(NOW + 7 * DAY), 7 * DAY],
]

const ignored: [name: string, message: string][] = [
  ['a time more than a week away', refusal(NOW + 7 * DAY + 1_000)],
  ['another rejection', "The key is wrong. Current 'Sun, 22 Nov 2026 13:00:00 UTC'"],
  ['a rejection without a time', "Date 'x' is not within allowed clock skew."],
  ['an invalid time', "Date 'x' is not within allowed clock skew. Current 'now'"],
  ['an empty text', ''],
]

describe('createClock()', () => {
  it('starts with the local time', () => {
    assert.equal(createClock(() => NOW).now(), NOW)
  })

  for (const [name, message, offset] of learnt) {
    it(`corrects a clock that is ${name}`, () => {
      const clock = createClock(() => NOW)
      assert.equal(clock.learn(message), true)
      assert.equal(clock.now(), NOW + offset)
    })
  }

  for (const [name, message] of ignored) {
    it(`ignores ${name}`, () => {
      const clock = createClock(() => NOW)
      assert.equal(clock.learn(message), false)
      assert.equal(clock.now(), NOW)
    })
  }

  it('follows the local clock, and can be corrected again', () => {
    let local = NOW
    const clock = createClock(() => local)
    clock.learn(refusal(NOW + 10 * MINUTE))
    local += MINUTE
    assert.equal(clock.now(), NOW + 11 * MINUTE)
    clock.learn(refusal(local))
    assert.equal(clock.now(), local)
  })
})

/** OCI's message for a signature outside the allowed time. */
function refusal(current: number): string {
  const text = new Date(current).toUTCString().replace('GMT', 'UTC')
  return `Date 'Sat, 07 Jun 2025 02:29:45 UTC' is not within allowed clock skew. ` +
    `Current '${text}', valid datetime range: ['x', 'y']`
}
