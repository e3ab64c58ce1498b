/** Figures and times as texts. A value that is not known is an en dash. */

const UNKNOWN = '–'

/** Milliseconds: `640 ms`, `1.8 s`, `3 min 20 s`. */
export function formatMs(ms: number | undefined | null): string {
  if (ms === undefined || ms === null || !Number.isFinite(ms)) return UNKNOWN
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1_000).toFixed(2)} s`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** USD: `$0.00042`, `$1.25`, `$1,204.50`. Small amounts keep two significant digits. */
export function formatUsd(usd: string | number | undefined | null): string {
  if (usd === undefined || usd === null || usd === '') return UNKNOWN
  const amount = Number(usd)
  if (!Number.isFinite(amount)) return UNKNOWN
  if (amount === 0) return '$0.00'
  if (Math.abs(amount) >= 0.1) return `$${grouped(amount.toFixed(2))}`
  const digits = Math.min(9, 1 - Math.floor(Math.log10(Math.abs(amount))))
  return `$${amount.toFixed(digits)}`
}

/** A number of things, with commas: `12,408`. */
export function formatCount(count: number | undefined | null): string {
  if (count === undefined || count === null || !Number.isFinite(count)) return UNKNOWN
  return grouped(String(Math.round(count)))
}

/** A large number in few characters: `950`, `12.4k`, `3.1M`. */
export function formatShort(count: number): string {
  const steps: readonly (readonly [divisor: number, suffix: string])[] = [
    [1e6, 'M'],
    [1e3, 'k'],
  ]
  const step = steps.find(([divisor]) => Math.abs(count) >= divisor)
  if (!step) return Number.isInteger(count) ? String(count) : count.toFixed(1)
  const scaled = count / step[0]
  return `${Math.abs(scaled) >= 100 ? Math.round(scaled) : withoutZero(scaled.toFixed(1))}${
    step[1]
  }`
}

/** A ratio as `12%`. Below one percent, but not zero: `<1%`. */
export function formatPercent(ratio: number): string {
  const percent = ratio * 100
  if (percent > 0 && percent < 1) return '<1%'
  return `${Math.round(percent)}%`
}

/** How long ago a time is: `just now`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAgo(time: string | null | undefined, now: number): string {
  if (!time) return UNKNOWN
  const text = duration(now - Date.parse(time))
  return text === undefined ? 'just now' : `${text} ago`
}

/** How far a time is away: `in 3 min`; `expired` if it has passed. */
export function formatIn(time: string | null | undefined, now: number): string {
  if (!time) return UNKNOWN
  const left = Date.parse(time) - now
  if (left <= 0) return 'expired'
  return `in ${duration(left) ?? 'less than 10 s'}`
}

/** The local time of a day: `14:03:07`. */
export function formatTime(time: string): string {
  const date = new Date(time)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0')).join(':')
}

function duration(ms: number): string | undefined {
  if (ms < 10_000) return undefined
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`
  if (ms < 2 * 86_400_000) return `${Math.floor(ms / 3_600_000)} h`
  return `${Math.floor(ms / 86_400_000)} d`
}

/** Inserts commas before each group of three digits of the whole part. */
function grouped(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.')
  const text = BigInt(whole).toLocaleString('en-US')
  return fraction === undefined ? text : `${text}.${fraction}`
}

function withoutZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text
}
