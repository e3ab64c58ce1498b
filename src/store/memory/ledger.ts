import type { LedgerRow } from '../records.ts'
import type { Immediate } from '../promised.ts'
import type { UsageQuery } from '../store.ts'
import { addTo, DAY, dayOf, groupUsage, rangeOf, summedRow, type SummedUsage } from '../usage.ts'
import type { MemoryState } from './state.ts'

type LedgerMethods = Immediate<'usage' | 'rows' | 'findRows' | 'deleteRows'>

/** The ledger of a store in memory. */
export function createMemoryLedger(state: MemoryState): LedgerMethods {
  const { ledger } = state
  return {
    usage(query) {
      const range = rangeOf(query, state.deletedBefore)
      const days = state.archive.values().filter(({ values }) => {
        return matches({ ...values, time: values.day * DAY }, { ...query, ...range })
      })
      const rows = ledger.values().filter((row) => matches(row, { ...query, ...range }))
      return groupUsage([...days, ...rows.map(summedRow)], query.by)
    },
    async *rows(query) {
      const found = ledger.values().filter((row) => matches(row, query)).toArray()
      yield* found.sort((a, b) => a.time - b.time)
    },
    findRows(ids) {
      return ids.flatMap((id) => ledger.get(id) ?? [])
    },
    deleteRows(before) {
      const end = dayOf(before) * DAY
      const old = ledger.values().filter(({ time }) => time < end).toArray()
      for (const row of old) archive(state, row)
      state.deletedBefore = Math.max(state.deletedBefore, end)
      for (const [key, { endsAt = Infinity, reserved }] of state.counters) {
        if (endsAt < end && reserved === 0) state.counters.delete(key)
      }
      return old.length
    },
  }
}

function matches(
  { time, key, team }: { time: number; key: string | undefined; team: string | undefined },
  query: Omit<UsageQuery, 'by'>,
): boolean {
  return time >= (query.since ?? -Infinity) && time < (query.until ?? Infinity) &&
    (query.key === undefined || key === query.key) &&
    (query.team === undefined || team === query.team)
}

function archive({ ledger, archive }: MemoryState, row: LedgerRow): void {
  const { values, sums } = summedRow(row)
  const kept: SummedUsage['values'] = { ...values, person: undefined, session: undefined }
  const name = JSON.stringify(Object.values(kept))
  const found = archive.get(name)
  if (found) addTo(found.sums, sums)
  else archive.set(name, { values: kept, sums })
  ledger.delete(row.id)
}
