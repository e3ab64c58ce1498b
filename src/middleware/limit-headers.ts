import { describeAmount, describePeriod } from '../access/budget-text.ts'
import type { LimitState } from '../metering/limits.ts'
import type { Dialect } from './dialect.ts'
import { safeHeader } from './reply-headers.ts'

/** Headers of a rate, by what it counts. */
type Rate = 'requests' | 'tokens'

/** The spent part of a budget from which responses have a header, in percent. */
const BUDGET_WARNING = 80

/**
 * The response headers for the limits of a request: the rate with the least remaining of key and team,
 * in the names of the client API, and a budget that is nearly spent.
 */
export function limitHeaders(
  states: readonly LimitState[],
  dialect: Dialect,
  now: number,
): (readonly [name: string, value: string])[] {
  return [
    ...rateHeaders('requests', states, dialect, now),
    ...rateHeaders('tokens', states, dialect, now),
    ...budgetHeader(states),
  ]
}

function rateHeaders(
  rate: Rate,
  states: readonly LimitState[],
  dialect: Dialect,
  now: number,
): (readonly [name: string, value: string])[] {
  const [tightest] = states
    .filter(({ counter: { metric, window } }) => metric === rate && window.type === 'minute')
    .sort((one, other) => remainingOf(one) - remainingOf(other))
  if (tightest === undefined) return []
  const { renewsAt = now } = tightest.state
  const [limit, remaining] = [String(tightest.amount), String(remainingOf(tightest))]
  switch (dialect) {
    case 'openai':
      return [
        [`x-ratelimit-limit-${rate}`, limit],
        [`x-ratelimit-remaining-${rate}`, remaining],
        [`x-ratelimit-reset-${rate}`, duration(renewsAt - now)],
      ]
    case 'anthropic':
      return [
        [`anthropic-ratelimit-${rate}-limit`, limit],
        [`anthropic-ratelimit-${rate}-remaining`, remaining],
        [`anthropic-ratelimit-${rate}-reset`, new Date(renewsAt).toISOString()],
      ]
  }
}

function remainingOf({ amount, state: { spent, reserved } }: LimitState): number {
  return Math.max(0, amount - spent - reserved)
}

/** OpenAI's format: `59.5s`. */
function duration(milliseconds: number): string {
  return `${Math.max(0, milliseconds) / 1_000}s`
}

function budgetHeader(states: readonly LimitState[]): (readonly [name: string, value: string])[] {
  const [fullest] = states.flatMap(({ budget, amount, state: { spent } }) =>
    budget ? [{ budget, percent: Math.floor((spent / amount) * 100) }] : []
  ).sort((one, other) => other.percent - one.percent)
  if (fullest === undefined || fullest.percent < BUDGET_WARNING) return []
  const { percent, budget: { amount, unit, period } } = fullest
  const text = `${percent}% of ${describeAmount(amount, unit)} ${describePeriod(period)}`
  return [['x-oci-gateway-budget', safeHeader(text)]]
}
