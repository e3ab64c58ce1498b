import type { BudgetPeriod } from '../store/records.ts'
import type { CounterWindow } from '../store/store.ts'

/** Finds the window of a budget at a time, in milliseconds since the epoch. */
export type BudgetWindows = (period: BudgetPeriod, now: number) => CounterWindow

interface Day {
  year: number
  /** From 1. */
  month: number
  day: number
}

/**
 * Creates the calendar of budgets in a time zone. Days begin at midnight there, weeks on Monday. The
 * last window of each period is kept, because the calendar of a time zone is slow to read.
 */
export function createBudgetWindows(timeZone: string): BudgetWindows {
  const calendar = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  const last = new Map<BudgetPeriod, { window: CounterWindow; from: number; until: number }>()
  return (period, now) => {
    if (period === 'total') return { type: 'none' }
    const known = last.get(period)
    if (known && now >= known.from && now < known.until) return known.window
    const { first, next } = periodAt(period, localDay(calendar, now))
    const [from, until] = [first, next].map((day) => midnight(calendar, day)) as [number, number]
    const window = { type: 'calendar' as const, id: `${period}:${format(first)}`, renewsAt: until }
    last.set(period, { window, from, until })
    return window
  }
}

function periodAt(
  period: Exclude<BudgetPeriod, 'total'>,
  today: Day,
): { first: Day; next: Day } {
  switch (period) {
    case 'day':
      return { first: today, next: addDays(today, 1) }
    case 'week': {
      const sinceMonday = (new Date(utcOf(today)).getUTCDay() + 6) % 7
      const first = addDays(today, -sinceMonday)
      return { first, next: addDays(first, 7) }
    }
    case 'month': {
      const { year, month } = today
      const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 }
      return { first: { year, month, day: 1 }, next: { ...next, day: 1 } }
    }
  }
}

function addDays(day: Day, count: number): Day {
  const date = new Date(utcOf(day) + count * 86_400_000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

function utcOf({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day)
}

function format(day: Day): string {
  return new Date(utcOf(day)).toISOString().slice(0, 10)
}

function localDay(calendar: Intl.DateTimeFormat, now: number): Day {
  const { year = 0, month = 0, day = 0 } = readParts(calendar, now)
  return { year, month, day }
}

/** The time at which a day begins. The offset may change between midnight in UTC and in the zone. */
function midnight(calendar: Intl.DateTimeFormat, day: Day): number {
  const utc = utcOf(day)
  const first = utc - offsetAt(calendar, utc)
  return utc - offsetAt(calendar, first)
}

/** How far the zone is ahead of UTC, in milliseconds. */
function offsetAt(calendar: Intl.DateTimeFormat, time: number): number {
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = readParts(
    calendar,
    time,
  )
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1_000) * 1_000
}

function readParts(
  calendar: Intl.DateTimeFormat,
  time: number,
): Partial<Record<Intl.DateTimeFormatPartTypes, number>> {
  return Object.fromEntries(
    calendar.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
  )
}
