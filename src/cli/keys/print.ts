import type { BudgetView, KeyView, TeamView } from '../../metering/key-view.ts'
import type { Host } from '../host.ts'
import { type Column, textTable } from '../text-table.ts'

const NONE = '–'

const COLUMNS: readonly Column[] = [
  { title: 'NAME' },
  { title: 'TEAM', omitOrder: 1 },
  { title: 'MODELS', omitOrder: 2 },
  { title: 'LIMITS', omitOrder: 3 },
  { title: 'SPENT', align: 'right' },
  { title: 'BUDGET' },
  { title: 'STATE' },
  { title: 'LAST USED', omitOrder: 4 },
]

/** Prints keys as a table for people. */
export function printKeys(keys: readonly KeyView[], { stdout, stderr, now }: Host): void {
  if (keys.length === 0) return stderr.write('The store has no keys\n')
  const rows = keys.map((key) => [
    ...[key.name, key.team ?? NONE, key.models.join(', ') || 'all', limitsText(key)],
    ...[key.budget ? amount(key.budget, 'spent') : NONE, budgetText(key.budget)],
    ...[stateOf(key, now()), key.lastUsedAt?.slice(0, 16).replace('T', ' ') ?? NONE],
  ])
  const { text, omitted } = textTable(COLUMNS, rows, stdout)
  stdout.write(text)
  if (omitted.length > 0) {
    stderr.write(`Not shown (narrow terminal): ${omitted.join(', ').toLowerCase()}\n`)
  }
}

/** Prints one key or team, a line for each property. */
export function printDetails(view: KeyView | TeamView, { stdout, now }: Host): void {
  const isKey = 'id' in view
  const { budget } = view
  const lines: (readonly [label: string, value: string])[] = [
    ['name', view.name],
    ...(isKey ? keyLines(view, now()) : []),
    ['limits', limitsText(view)],
    ['budget', budgetText(budget)],
    ...(budget
      ? [
        ['spent', amount(budget, 'spent')] as const,
        ['reserved', amount(budget, 'reserved')] as const,
        ['renewed', budget.renewsAt ?? 'never'] as const,
      ]
      : []),
    ['created', view.createdAt],
  ]
  stdout.write(lines.map(([label, value]) => `${label.padEnd(12)} ${value}\n`).join(''))
}

function keyLines(key: KeyView, now: number): (readonly [label: string, value: string])[] {
  return [
    ['id', key.id],
    ['state', stateOf(key, now)],
    ['team', key.team ?? NONE],
    ['models', key.models.join(', ') || 'all'],
    ['expires', key.expiresAt ?? 'never'],
    ['compartment', key.compartmentId ?? NONE],
    ['attribution', key.attribution ? 'person and session' : 'none'],
    ['last used', key.lastUsedAt ?? 'never'],
  ]
}

function stateOf({ disabled, expiresAt }: KeyView, now: number): string {
  if (disabled) return 'disabled'
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'active'
}

function limitsText({ limits: { rpm, tpm, concurrency } }: Pick<KeyView, 'limits'>): string {
  const parts = [
    ...(rpm === null ? [] : [`${rpm} requests/min`]),
    ...(tpm === null ? [] : [`${tpm} tokens/min`]),
    ...(concurrency === null ? [] : [`${concurrency} at once`]),
  ]
  return parts.join(', ') || NONE
}

function budgetText(budget: BudgetView | null): string {
  if (budget === null) return NONE
  return `${amount(budget, 'limit')} ${budget.period === 'total' ? 'in total' : budget.period}`
}

function amount(budget: BudgetView, member: 'limit' | 'spent' | 'reserved'): string {
  const value = String(budget[member])
  return budget.unit === 'usd' ? `$${value.replace(/(\.\d\d\d*?)0+$/, '$1')}` : `${value} tokens`
}
