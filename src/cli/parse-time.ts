import { isCalendarDay } from '../access/duration-text.ts'
import { usageError } from './usage-error.ts'

/** A day, or a time of day with its distance from UTC; without one it is UTC. */
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** Reads the value of a flag as milliseconds since the epoch. */
export function parseTime(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const hasZone = !value.includes('T') || /(Z|[+-]\d{2}:\d{2})$/.test(value)
  const time = TIME.test(value) ? Date.parse(hasZone ? value : `${value}Z`) : NaN
  if (!Number.isNaN(time) && isCalendarDay(value.slice(0, 10))) return time
  throw usageError(`${flag} must be a day or a time, such as 2026-11-01 or 2026-11-01T08:00Z`)
}
