import type { ReconciledSum } from '../../metering/reconcile.ts'
import type { Host } from '../host.ts'
import { type Column, textTable } from '../text-table.ts'
import type { Reconciliation } from './reconcile-month.ts'

const NONE = '–'

/** Prints a reconciliation, and what to know about its figures. */
export function printReport(result: Reconciliation, asJson: boolean, host: Host): void {
  const { stdout, stderr } = host
  if (asJson) stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else stdout.write(textTable(columnsOf(result), rowsOf(result), stdout).text)
  stderr.write(notesOf(result).map((note) => `${note}\n`).join(''))
}

function columnsOf({ currency }: Reconciliation): readonly Column[] {
  return [
    { title: 'PART', minWidth: 7 },
    { title: 'PRODUCT', omitOrder: 1 },
    { title: 'LEDGER (USD)', align: 'right', minWidth: 13 },
    { title: `ORACLE (${currency})`, align: 'right', minWidth: 13 },
    { title: 'DIFFERENCE', align: 'right', minWidth: 13 },
    { title: 'RATIO', align: 'right' },
  ]
}

function rowsOf({ parts, total, withoutPartNumber }: Reconciliation): readonly string[][] {
  const own = Number(withoutPartNumber) === 0
    ? []
    : [[NONE, 'prices without a part number', withoutPartNumber, NONE, NONE, NONE]]
  return [
    ...parts.map((part) => [part.partNumber, part.name || NONE, ...cellsOf(part)]),
    ...own,
    ['total', '', ...cellsOf(total)],
  ]
}

function cellsOf({ ledger, oracle, difference, ratio }: ReconciledSum): string[] {
  return [ledger, oracle, difference, ratio === null ? NONE : ratio.toFixed(4)]
}

function notesOf(result: Reconciliation): readonly string[] {
  const { since, until, oracleLastDay, currency, withoutCost, estimated, incomplete } = result
  const known = oracleLastDay === null
    ? 'it has no usage in this time'
    : `its last day with usage is ${oracleLastDay}`
  return [
    `Days from ${since} until before ${until} (UTC). Oracle's Usage API is hours to a day late: ` +
    `${known}. It counts the whole tenancy, also what did not pass this gateway`,
    ...(currency === 'USD' ? [] : [`The ratio contains the exchange rate of USD to ${currency}`]),
    ...(withoutCost > 0
      ? [`${withoutCost} requests have no cost: "prices show" lists models`]
      : []),
    ...(estimated > 0 ? [`${estimated} requests have estimated tokens`] : []),
    ...(incomplete ? ['Rows of the ledger have been deleted: its sums are too low'] : []),
  ]
}
