import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createBudgetWindows } from '../../src/metering/budget-window.ts'
import type { BudgetPeriod } from '../../src/store/records.ts'

type Case = [zone: string, period: BudgetPeriod, now: string, id: string, renewsAt: string]

const cases: Case[] = [
  ['UTC', 'day', '2026-11-29T23:59:59.999Z', 'day:2026-11-29', '2026-11-30T00:00Z'],
  ['UTC', 'week', '2026-11-29T12:00Z', 'week:2026-11-23', '2026-11-30T00:00Z'],
  ['UTC', 'week', '2026-11-30T00:00Z', 'week:2026-11-30', '2026-12-07T00:00Z'],
  ['UTC', 'month', '2026-12-31T23:59Z', 'month:2026-12-01', '2027-01-01T00:00Z'],
  ['Europe/Berlin', 'day', '2026-11-29T23:30Z', 'day:2026-11-30', '2026-11-30T23:00Z'],
  ['Europe/Berlin', 'month', '2026-10-31T23:30Z', 'month:2026-11-01', '2026-11-30T23:00Z'],
  // Clocks go back on 25 October 2026 and forward on 29 March 2026.
  ['Europe/Berlin', 'day', '2026-10-25T10:00Z', 'day:2026-10-25', '2026-10-25T23:00Z'],
  ['Europe/Berlin', 'day', '2026-03-29T10:00Z', 'day:2026-03-29', '2026-03-29T22:00Z'],
  ['America/New_York', 'day', '2026-03-08T12:00Z', 'day:2026-03-08', '2026-03-09T04:00Z'],
  ['Asia/Kolkata', 'day', '2026-11-29T18:29Z', 'day:2026-11-29', '2026-11-29T18:30Z'],
  ['Asia/Kolkata', 'day', '2026-11-29T18:30Z', 'day:2026-11-30', '2026-11-30T18:30Z'],
  ['Pacific/Kiritimati', 'month', '2026-11-30T10:00Z', 'month:2026-12-01', '2026-12-31T10:00Z'],
]

describe('createBudgetWindows()', () => {
  for (const [zone, period, now, id, renewsAt] of cases) {
    it(`finds ${id} at ${now} in ${zone}`, () => {
      assert.deepEqual(createBudgetWindows(zone)(period, Date.parse(now)), {
        ...{ type: 'calendar', id, renewsAt: Date.parse(renewsAt) },
      })
    })
  }

  it('finds the earlier window again after the clock was set back', () => {
    const windows = createBudgetWindows('UTC')
    const times = ['2026-11-29T10:00Z', '2026-11-30T10:00Z', '2026-11-29T10:00Z'].map(Date.parse)
    const ids = times.map((time) => windows('day', time)).map((window) =>
      window.type === 'calendar' ? window.id : ''
    )
    assert.deepEqual(ids, ['day:2026-11-29', 'day:2026-11-30', 'day:2026-11-29'])
  })

  it('never renews a total', () => {
    assert.deepEqual(createBudgetWindows('UTC')('total', 0), { type: 'none' })
  })
})
