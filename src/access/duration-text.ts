import { ApiError } from '../errors.ts'

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Longest duration: 100 years. */
const MAX_DURATION = 36_525 * 86_400_000

/** Parses `90d`, `12h`, `15m` or `30s` to milliseconds. Throws an `invalid_request`. */
export function parseDuration(text: string, param = 'expires'): number {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  const duration = Number(count) * (UNITS[unit] ?? 0)
  if (duration > 0 && duration <= MAX_DURATION) return duration
  throw new ApiError(
    'invalid_request',
    `"${param}" must be a duration such as 90d, 12h or 30s, or a date such as 2027-01-31, not "${
      text.slice(0, 60)
    }"`,
    { param },
  )
}

/** Whether a text such as 2026-11-01 is a day of the calendar. Some runtimes accept February 30. */
export function isCalendarDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
