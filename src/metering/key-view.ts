import { formatUsd } from '../prices/money.ts'
import type { Budget, KeyRecord, TeamRecord, UsageLimits } from '../store/records.ts'
import type { CounterState, Store } from '../store/store.ts'
import type { BudgetWindows } from './budget-window.ts'
import { budgetCounter } from './limits.ts'

/** Limits as JSON; `null` for an unlimited one. */
export interface LimitsView {
  rpm: number | null
  tpm: number | null
  concurrency: number | null
}

/** A budget and its use: tokens as numbers, USD as decimal texts. */
export interface BudgetView {
  limit: number | string
  spent: number | string
  reserved: number | string
  unit: Budget['unit']
  period: Budget['period']
  renewsAt: string | null
}

/** A team as `keys team --json` and `/admin/v1/teams` show it. Times are in ISO 8601. */
export interface TeamView {
  name: string
  limits: LimitsView
  budget: BudgetView | null
  createdAt: string
}

/** A key as `keys list --json` and `/admin/v1/keys` show it. */
export interface KeyView extends Omit<TeamView, 'name'> {
  id: string
  name: string
  team: string | null
  models: readonly string[]
  expiresAt: string | null
  compartmentId: string | null
  attribution: boolean
  disabled: boolean
  lastUsedAt: string | null
}

/** What the views need besides the records. */
export interface ViewContext {
  store: Pick<Store, 'counters'>
  windows: BudgetWindows
  now: number
}

/** Describes keys with the state of their budgets. */
export async function describeKeys(
  keys: readonly KeyRecord[],
  context: ViewContext,
): Promise<KeyView[]> {
  const limited = await describeLimits(
    keys.map((key) => ({ scope: `key:${key.id}`, limits: key.limits })),
    context,
  )
  return keys.flatMap((key, index) => {
    const limits = limited[index]
    if (!limits) return []
    const { id, name, team = null, models, attribution, disabled } = key
    return [{
      ...{ id, name, team, models, ...limits },
      ...{ expiresAt: timeOf(key.expiresAt), compartmentId: key.compartmentId ?? null },
      ...{ attribution, disabled, createdAt: new Date(key.createdAt).toISOString() },
      lastUsedAt: timeOf(key.lastUsedAt),
    }]
  })
}

/** Describes teams with the state of their budgets. */
export async function describeTeams(
  teams: readonly TeamRecord[],
  context: ViewContext,
): Promise<TeamView[]> {
  const limited = await describeLimits(
    teams.map(({ name, limits }) => ({ scope: `team:${name}`, limits })),
    context,
  )
  return teams.flatMap(({ name, createdAt }, index) => {
    const limits = limited[index]
    return limits ? [{ name, ...limits, createdAt: new Date(createdAt).toISOString() }] : []
  })
}

async function describeLimits(
  owners: readonly { scope: string; limits: UsageLimits }[],
  { store, windows, now }: ViewContext,
): Promise<{ limits: LimitsView; budget: BudgetView | null }[]> {
  const names = owners.map(({ scope, limits: { budget } }) =>
    budgetCounter(scope, budget, windows, now)
  )
  const states = await store.counters(names, now)
  return owners.map(
    ({ limits: { requestsPerMinute, tokensPerMinute, concurrency, budget } }, at) => {
      const state = states[at]
      const limits = {
        rpm: requestsPerMinute ?? null,
        tpm: tokensPerMinute ?? null,
        concurrency: concurrency ?? null,
      }
      return { limits, budget: budget && state ? describeBudget(budget, state) : null }
    },
  )
}

function describeBudget(
  { unit, amount, period }: Budget,
  { spent, reserved, window }: CounterState,
): BudgetView {
  const show = (value: number) => unit === 'usd' ? formatUsd(value) : value
  return {
    ...{ limit: show(amount), spent: show(spent), reserved: show(reserved), unit, period },
    renewsAt: window.type === 'calendar' ? new Date(window.renewsAt).toISOString() : null,
  }
}

function timeOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}
