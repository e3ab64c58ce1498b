import { formatUsd } from '../prices/money.ts'
import type { UsageCounts, UsageDimension, UsageGroup } from '../store/store.ts'

/** The sums of a group, as `usage --format json` and `/admin/v1/usage` show them. */
export interface UsageSums extends UsageCounts {
  /** USD with nine decimal places; `null` if no request has a cost. */
  cost: string | null
  /** Requests whose model has no price. */
  withoutCost: number
  /** Whether the gateway estimated tokens, because OCI reported none. */
  estimated: boolean
}

/** The values of the dimensions of the query by their names, and sums. */
export type UsageRow = Partial<Record<UsageDimension, string | null>> & UsageSums

/**
 * Converts the groups of a query into rows.
 * @param keyNames the names of keys by their ids. A key that is deleted is shown by its id.
 */
export function usageRows(
  groups: readonly UsageGroup[],
  by: readonly UsageDimension[],
  keyNames: ReadonlyMap<string, string>,
): readonly UsageRow[] {
  return groups.map(({ group, cost, ...sums }) => {
    const values = by.map((dimension, index) => {
      const value = group[index]
      const isKey = dimension === 'key' && value !== undefined
      return [dimension, (isKey ? keyNames.get(value) : value) ?? value ?? null]
    })
    return {
      ...Object.fromEntries(values) as Partial<Record<UsageDimension, string | null>>,
      ...sums,
      cost: cost === undefined ? null : formatUsd(cost),
    }
  })
}
