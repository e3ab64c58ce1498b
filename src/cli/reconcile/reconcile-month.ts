import {
  compare,
  nanoDollarsOf,
  type OracleSum,
  type ReconciledPart,
  type ReconciledSum,
  reconcileParts,
  sumLedger,
} from '../../metering/reconcile.ts'
import type { OracleUsage } from '../../oci/usage/request-usage.ts'
import { formatUsd } from '../../prices/money.ts'
import { createPriceBook } from '../../prices/price-book.ts'
import type { Store } from '../../store/store.ts'
import type { MonthPeriod } from './month.ts'

/** What `reconcile --json` prints. */
export interface Reconciliation {
  month: string
  /** The first day, and the day after the last one. */
  since: string
  until: string
  /** Of Oracle's amounts. The ledger is in USD. */
  currency: string
  total: ReconciledSum
  parts: readonly ReconciledPart[]
  /** USD of requests whose price has no part number; in the ledger's total only. */
  withoutPartNumber: string
  /** Answered requests whose model has no price. */
  withoutCost: number
  /** Requests whose tokens the gateway estimated. */
  estimated: number
  /** Whether rows of the ledger have been deleted, so that its sums are too low. */
  incomplete: boolean
  /** The last day for which Oracle has usage; `null` for none. */
  oracleLastDay: string | null
}

/** Compares the ledger of a month with Oracle's usage of Generative AI. */
export async function reconcileMonth(
  store: Store,
  usage: readonly OracleUsage[],
  period: MonthPeriod,
): Promise<Reconciliation> {
  const { month, since, until } = period
  const books = [createPriceBook(await store.listPrices()), createPriceBook([])]
  const ledger = await sumLedger(store.rows({ since, until }), books)
  const isKnown = new Set(ledger.parts.keys())
  const own = usage.filter(({ partNumber, name }) =>
    isKnown.has(partNumber) || /generative ai/i.test(name)
  )
  const oracle = sumOracle(own)
  const total = oracle.reduce((sum, { amount }) => sum + nanoDollarsOf(amount), 0n)
  const [all] = await store.usage({ by: [], since, until })
  const lastDay = Math.max(...own.map(({ day }) => day))
  return {
    ...{ month, since: dayOf(since), until: dayOf(until) },
    currency: oracle[0]?.currency ?? 'USD',
    total: compare(ledger.total, total),
    parts: reconcileParts(ledger, oracle),
    withoutPartNumber: formatUsd(ledger.withoutPartNumber),
    ...{ withoutCost: ledger.withoutCost, estimated: ledger.estimated },
    incomplete: (all?.cost ?? 0n) !== ledger.total,
    oracleLastDay: own.length > 0 ? dayOf(lastDay) : null,
  }
}

function sumOracle(usage: readonly OracleUsage[]): readonly OracleSum[] {
  const parts = Map.groupBy(usage, ({ partNumber }) => partNumber)
  return [...parts].map(([partNumber, days]) => ({
    ...{ partNumber, name: days[0]?.name ?? '', currency: days[0]?.currency ?? 'USD' },
    quantity: days.reduce((sum, { quantity }) => sum + quantity, 0),
    amount: days.reduce((sum, { amount }) => sum + amount, 0),
  }))
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
