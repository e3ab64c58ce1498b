import type { LedgerRow } from '../../src/store/records.ts'
import type { UsageDimension, UsageGroup, UsageQuery } from '../../src/store/store.ts'

/** Adds up usage row by row, independently of the stores. */
export function expectedUsage(rows: readonly LedgerRow[], query: UsageQuery): UsageGroup[] {
  const { since = -Infinity, until = Infinity, key, team, by } = query
  const found = rows.filter((row) =>
    row.time >= since && row.time < until && (key === undefined || row.key === key) &&
    (team === undefined || row.team === team)
  )
  const groups = Map.groupBy(found, (row) => JSON.stringify(by.map((name) => valueOf(row, name))))
  const sorted = [...groups.values()].sort(([a], [b]) => {
    const different = by.find((name) => a && b && valueOf(a, name) !== valueOf(b, name))
    if (!a || !b || different === undefined) return 0
    return (valueOf(a, different) ?? '') < (valueOf(b, different) ?? '') ? -1 : 1
  })
  return sorted.map((group) => groupOf(group, by))
}

function valueOf(row: LedgerRow, dimension: UsageDimension): string | undefined {
  return dimension === 'day' ? new Date(row.time).toISOString().slice(0, 10) : row[dimension]
}

function groupOf(rows: readonly LedgerRow[], by: readonly UsageDimension[]): UsageGroup {
  const sum = (read: (row: LedgerRow) => number) => rows.reduce((all, row) => all + read(row), 0)
  const costs = rows.flatMap(({ cost }) => cost ?? [])
  const [first] = rows
  return {
    group: by.map((dimension) => first && valueOf(first, dimension)),
    requests: rows.length,
    errors: sum(({ outcome }) => outcome === 'failed' ? 1 : 0),
    promptTokens: sum((row) => row.promptTokens),
    cachedTokens: sum((row) => row.cachedTokens),
    completionTokens: sum((row) => row.completionTokens),
    reasoningTokens: sum((row) => row.reasoningTokens),
    promptCharacters: sum((row) => row.promptCharacters),
    answerCharacters: sum((row) => row.answerCharacters),
    searchUnits: sum((row) => row.searchUnits),
    cost: costs.length === 0 ? undefined : costs.reduce((all, cost) => all + BigInt(cost), 0n),
    withoutCost: sum(({ cost, status }) => cost === undefined && status < 400 ? 1 : 0),
    estimated: rows.some(({ estimated }) => estimated),
  }
}
