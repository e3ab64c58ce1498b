import type { VNode } from 'preact'
import type { BudgetState, Limits } from './data.ts'
import { formatCount, formatIn, formatPercent, formatUsd } from './format.ts'

/** The spent part from which a budget is nearly spent. */
const NEARLY_SPENT = 0.8

/** What is spent and reserved of a budget. */
export function BudgetBar({ budget }: { budget: BudgetState }): VNode {
  const { unit, period, renewsAt } = budget
  const [limit, spent, reserved] = [budget.limit, budget.spent, budget.reserved].map(Number)
  const ratioOf = (amount = 0) => limit ? Math.min(1, amount / limit) : 1
  const [used, held] = [ratioOf(spent), ratioOf((spent ?? 0) + (reserved ?? 0))]
  const show = unit === 'usd' ? formatUsd : formatCount
  const state = used >= 1 ? 'bad' : used >= NEARLY_SPENT ? 'warn' : 'column'
  return (
    <div class='budget'>
      <p>
        <strong>{show(spent)}</strong> of {show(limit)}
        {unit === 'tokens' && ' tokens'} {periodText(period)}
        <span class='budget-note'>
          {formatPercent(used)}
          {renewsAt && `, renews ${formatIn(renewsAt, Date.now())}`}
        </span>
      </p>
      <svg
        class='share'
        viewBox='0 0 100 6'
        preserveAspectRatio='none'
        role='img'
        aria-label={`${formatPercent(used)} of the budget is spent`}
      >
        <rect class='track' width='100' height='6' />
        <rect class='held' width={held * 100} height='6' />
        <rect class={state} width={used * 100} height='6' />
      </svg>
    </div>
  )
}

function periodText(period: string): string {
  if (period === 'day') return 'today'
  return period === 'total' ? 'in total' : `this ${period}`
}

/** The limits that are set, as texts. */
export function limitTexts({ rpm, tpm, concurrency }: Limits): readonly string[] {
  return [
    ...(rpm === null ? [] : [`${formatCount(rpm)} requests/min`]),
    ...(tpm === null ? [] : [`${formatCount(tpm)} tokens/min`]),
    ...(concurrency === null ? [] : [`${formatCount(concurrency)} at once`]),
  ]
}
