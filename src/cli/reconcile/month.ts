import type { UsagePeriod } from '../../oci/usage/request-usage.ts'
import { usageError } from '../usage-error.ts'

const DAY = 86_400_000

/** The days of a month in UTC that are over. */
export interface MonthPeriod extends UsagePeriod {
  /** `2026-11` */
  month: string
}

/** Reads a month. Throws a usage error if none of its days is over. */
export function monthOf(month: string, now: number): MonthPeriod {
  const [, year = '', number = ''] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? []
  if (year === '') throw usageError('--month must be a month, such as 2026-11')
  const since = Date.UTC(Number(year), Number(number) - 1, 1)
  const end = Date.UTC(Number(year), Number(number), 1)
  const until = Math.min(end, Math.floor(now / DAY) * DAY)
  if (since < until) return { month, since, until }
  throw usageError(`--month ${month} has no day that is over`)
}
