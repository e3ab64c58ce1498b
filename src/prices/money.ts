import type { Rate } from './price.ts'

/** Decimal places of a nano-dollar. */
const NANO_DIGITS = 9

/** Formats nano-dollars as USD with nine decimal places: `0.001234567`. */
export function formatUsd(nanoDollars: number | bigint): string {
  const isNegative = nanoDollars < 0
  const digits = BigInt(isNegative ? -nanoDollars : nanoDollars).toString()
    .padStart(NANO_DIGITS + 1, '0')
  const point = digits.length - NANO_DIGITS
  return `${isNegative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** Formats nano-dollars for people: `$0.0123`, `$12.50`, with at least two decimal places. */
export function displayUsd(nanoDollars: number | bigint): string {
  const [whole = '', fraction = ''] = formatUsd(nanoDollars).split('.')
  const shown = whole === '0' || whole === '-0' ? fraction.slice(0, 6) : fraction.slice(0, 2)
  return `$${whole}.${withoutZeros(shown).padEnd(2, '0')}`.replace('$-', '-$')
}

/**
 * Reads a decimal number of USD for `per` units, such as `0.75`. Returns `undefined` for another text,
 * and for a rate whose numbers are too large to be exact.
 */
export function parseRate(usd: string, per: number): Rate | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,15}))?$/.exec(usd)
  if (!match) return undefined
  const [, whole = '', fraction = ''] = match
  const digits = withoutZeros(fraction).padEnd(NANO_DIGITS, '0')
  // Digits below a nano-dollar become more units instead.
  const rate = {
    nanoDollars: Number(whole + digits),
    per: per * 10 ** (digits.length - NANO_DIGITS),
  }
  return Number.isSafeInteger(rate.nanoDollars) && Number.isSafeInteger(rate.per) ? rate : undefined
}

/** The USD of a rate for a number of units, as a decimal number without trailing zeros. */
export function usdOf({ nanoDollars, per }: Rate, units: number): string {
  const digits = 18
  const scaled = BigInt(nanoDollars) * BigInt(units) * 10n ** BigInt(digits - NANO_DIGITS)
  const text = (scaled / BigInt(per)).toString().padStart(digits + 1, '0')
  const point = text.length - digits
  const fraction = withoutZeros(text.slice(point))
  return fraction === '' ? text.slice(0, point) : `${text.slice(0, point)}.${fraction}`
}

/** Digits without the zeros at their end. */
function withoutZeros(digits: string): string {
  let end = digits.length
  while (digits[end - 1] === '0') end--
  return digits.slice(0, end)
}
