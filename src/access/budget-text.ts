import { ApiError } from '../errors.ts'
import { displayUsd, formatUsd, parseRate } from '../prices/money.ts'
import type { Budget, BudgetPeriod } from '../store/records.ts'

const PATTERN = /^\$?([\d.]+)(tokens)?\/(day|week|month|total)$/

/** Largest number of tokens: sums stay exact. */
const MAX_TOKENS = 1e15

/** Parses a budget: `5/month` in dollars, `100000tokens/day`. Throws an `invalid_request`. */
export function parseBudget(text: string, param = 'budget'): Budget {
  const [, digits = '', unit, period] = PATTERN.exec(text.replaceAll(' ', '')) ?? []
  const amount = unit ? parseTokens(digits) : parseDollars(digits)
  if (amount === undefined || amount === 0 || period === undefined) throw invalidBudget(text, param)
  // The pattern has no other periods.
  return { unit: unit ? 'tokens' : 'usd', amount, period: period as BudgetPeriod }
}

/** Formats a budget as `parseBudget` reads it. */
export function formatBudget({ unit, amount, period }: Budget): string {
  return `${unit === 'usd' ? withoutZeros(formatUsd(amount)) : `${amount}tokens`}/${period}`
}

/** `5.500000000` without the zeros at its end. It always has nine digits after the point. */
function withoutZeros(usd: string): string {
  const [whole = '', fraction = ''] = usd.split('.')
  const last = [...fraction].findLastIndex((digit) => digit !== '0')
  return last < 0 ? whole : `${whole}.${fraction.slice(0, last + 1)}`
}

const PERIODS: Readonly<Record<BudgetPeriod, string>> = {
  day: 'today',
  week: 'this week',
  month: 'this month',
  total: 'in total',
}

/** Names the period of a budget in a sentence: `this month`. */
export function describePeriod(period: BudgetPeriod): string {
  return PERIODS[period]
}

/** An amount of a budget in a sentence: `$50.00`, `100000 tokens`. */
export function describeAmount(amount: number, unit: Budget['unit']): string {
  return unit === 'usd' ? displayUsd(amount) : `${amount} tokens`
}

/** Nano-dollars; `undefined` for less than one. */
function parseDollars(digits: string): number | undefined {
  const rate = parseRate(digits, 1)
  return rate?.per === 1 ? rate.nanoDollars : undefined
}

function parseTokens(digits: string): number | undefined {
  const tokens = /^\d{1,16}$/.test(digits) ? Number(digits) : Infinity
  return tokens <= MAX_TOKENS ? tokens : undefined
}

function invalidBudget(text: string, param: string): ApiError {
  return new ApiError(
    'invalid_request',
    `"${param}" must be dollars or tokens per period, such as 5/month, 0.50/day, 20/week, 100/total ` +
      `or 100000tokens/day, not "${text.slice(0, 60)}"`,
    { param },
  )
}
