import type { KeyIdentity } from '../access/stored-keys.ts'
import type { Budget, UsageLimits } from '../store/records.ts'
import type { CounterDemand, CounterName, CounterState } from '../store/store.ts'
import type { BudgetWindows } from './budget-window.ts'

/** What a key or a team is called in messages: `key "alice"`. */
export interface LimitOwner {
  scope: string
  label: string
  limits: UsageLimits
}

/** One limit that applies to a request, and the counter that it limits. */
export interface Limit {
  owner: LimitOwner
  counter: CounterName
  amount: number
  budget: Budget | undefined
}

/** A limit with the state of its counter. */
export interface LimitState extends Limit {
  state: CounterState
}

/** What a request uses at most: constants, and what each output token adds. */
export interface WorstUse {
  /** For budgets, which must hold, and for rates per minute. */
  tokens: { bound: number; expected: number; perOutputToken: number }
  /** Nano-dollars; `undefined` for a model without a price. */
  cost: { fixed: number; perOutputToken: number } | undefined
}

/** The owners of the limits of a key: the key and its team. */
export function limitOwners({ key, team }: KeyIdentity): LimitOwner[] {
  const { id, name, limits } = key
  return [
    { scope: `key:${id}`, label: `key "${name}"`, limits },
    ...(team ? [{ ...team, scope: `team:${team.name}`, label: `team "${team.name}"` }] : []),
  ]
}

/** Lists the limits of a key and its team, with the counters of the current windows. */
export function limitsAt(
  owners: readonly LimitOwner[],
  windows: BudgetWindows,
  now: number,
): Limit[] {
  return owners.flatMap((owner) => {
    const { scope, limits: { requestsPerMinute, tokensPerMinute, concurrency, budget } } = owner
    const minute = { scope, window: { type: 'minute' } } as const
    const limit = (amount: number | undefined, counter: CounterName, budget?: Budget): Limit[] =>
      amount === undefined ? [] : [{ owner, counter, amount, budget }]
    return [
      ...limit(concurrency, { scope, metric: 'concurrency', window: { type: 'none' } }),
      ...limit(requestsPerMinute, { ...minute, metric: 'requests' }),
      ...limit(tokensPerMinute, { ...minute, metric: 'tokens' }),
      ...limit(budget?.amount, budgetCounter(scope, budget, windows, now), budget),
    ]
  })
}

/** The counter of a budget. */
export function budgetCounter(
  scope: string,
  budget: Budget | undefined,
  windows: BudgetWindows,
  now: number,
): CounterName {
  const metric = budget?.unit === 'usd' ? 'cost' : 'tokens'
  return { scope, metric, window: windows(budget?.period ?? 'total', now) }
}

/** What a request needs of the counter of a limit. */
export function demandOf({ counter, amount, budget }: Limit, worst: WorstUse): CounterDemand {
  return { ...counter, limit: amount, ...needOf(counter, worst, budget !== undefined) }
}

function needOf(
  { metric }: CounterName,
  { tokens, cost }: WorstUse,
  isBudget: boolean,
): { fixed: number; perOutputToken: number } {
  switch (metric) {
    case 'requests':
    case 'concurrency':
      return { fixed: 1, perOutputToken: 0 }
    case 'tokens':
      return {
        fixed: isBudget ? tokens.bound : tokens.expected,
        perOutputToken: tokens.perOutputToken,
      }
    case 'cost':
      return cost ?? { fixed: 0, perOutputToken: 0 }
  }
}
