import { type PartShare, splitCost } from '../prices/cost.ts'
import type { Consumption, PriceBook } from '../prices/price.ts'
import { formatUsd } from '../prices/money.ts'
import type { LedgerRow } from '../store/records.ts'

/** The ledger's sums by Oracle's part numbers. */
export interface LedgerSums {
  parts: ReadonlyMap<string, PartShare>
  /** Nano-dollars of all rows. */
  total: bigint
  /** Nano-dollars of rows whose price has no part number. */
  withoutPartNumber: bigint
  /** Answered requests whose model has no price. */
  withoutCost: number
  /** Rows whose tokens the gateway estimated. */
  estimated: number
}

/** What Oracle has billed for a part number. */
export interface OracleSum {
  partNumber: string
  name: string
  quantity: number
  amount: number
  currency: string
}

/** The comparison of one part number, or of all. Amounts are decimal numbers. */
export interface ReconciledSum {
  ledger: string
  oracle: string
  /** Oracle's amount minus the ledger's. */
  difference: string
  /** Oracle's amount for each dollar of the ledger; `null` where one of them is zero. */
  ratio: number | null
}

export interface ReconciledPart extends ReconciledSum {
  partNumber: string
  /** Oracle's name of the product; empty if Oracle has no usage. */
  name: string
  /** In units of the price list. */
  ledgerQuantity: number
  oracleQuantity: number
}

/**
 * Adds up the ledger by part number. The cost of a row stays as it was written; prices only say how
 * it divides among the part numbers.
 * @param books price books in which the part numbers of a model are looked up, in this order
 */
export async function sumLedger(
  rows: AsyncIterable<LedgerRow>,
  books: readonly PriceBook[],
): Promise<LedgerSums> {
  const parts = new Map<string, PartShare>()
  const sums = { total: 0n, withoutPartNumber: 0n, withoutCost: 0, estimated: 0 }
  for await (const row of rows) {
    const { cost } = row
    if (row.estimated) sums.estimated++
    if (cost === undefined) {
      if (row.status < 400) sums.withoutCost++
      continue
    }
    sums.total += BigInt(cost)
    const shares = sharesOf(row, cost, books)
    if (shares.size === 0) sums.withoutPartNumber += BigInt(cost)
    for (const [part, share] of shares) add(parts, part, share)
  }
  return { parts, ...sums }
}

function sharesOf(
  row: LedgerRow,
  cost: number,
  books: readonly PriceBook[],
): ReadonlyMap<string, PartShare> {
  const partNumbers = row.partNumber?.split(',') ?? []
  for (const book of books) {
    const price = book.find(row.model)
    const shares = price && splitCost(price, consumptionOf(row), cost, partNumbers)
    if (shares && shares.size > 0) return shares
  }
  return new Map()
}

function consumptionOf(row: LedgerRow): Consumption {
  const { promptTokens, cachedTokens, completionTokens } = row
  const { promptCharacters, answerCharacters, searchUnits } = row
  return {
    ...{ promptTokens, cachedTokens, completionTokens },
    ...{ promptCharacters, answerCharacters, searchUnits, requests: 1 },
  }
}

function add(parts: Map<string, PartShare>, part: string, share: PartShare): void {
  const earlier = parts.get(part)
  parts.set(part, {
    units: share.units + (earlier?.units ?? 0),
    per: share.per,
    nanoDollars: share.nanoDollars + (earlier?.nanoDollars ?? 0n),
  })
}

/** Compares the ledger with what Oracle has billed, by part number. */
export function reconcileParts(
  { parts }: LedgerSums,
  oracle: readonly OracleSum[],
): readonly ReconciledPart[] {
  const billed = new Map(oracle.map((sum) => [sum.partNumber, sum]))
  const partNumbers = [...new Set([...parts.keys(), ...billed.keys()])].toSorted()
  return partNumbers.map((partNumber) => {
    const share = parts.get(partNumber)
    const sum = billed.get(partNumber)
    return {
      ...{ partNumber, name: sum?.name ?? '' },
      ledgerQuantity: share ? share.units / share.per : 0,
      oracleQuantity: sum?.quantity ?? 0,
      ...compare(share?.nanoDollars ?? 0n, nanoDollarsOf(sum?.amount ?? 0)),
    }
  })
}

/** Compares two amounts in nano-dollars. */
export function compare(ledger: bigint, oracle: bigint): ReconciledSum {
  const isZero = ledger === 0n || oracle === 0n
  return {
    ledger: formatUsd(ledger),
    oracle: formatUsd(oracle),
    difference: formatUsd(oracle - ledger),
    ratio: isZero ? null : Math.round(Number(oracle) / Number(ledger) * 1e6) / 1e6,
  }
}

/** Oracle answers amounts as binary numbers, whose error is far below a nano-dollar. */
export function nanoDollarsOf(amount: number): bigint {
  return BigInt(Math.round(amount * 1e9))
}
