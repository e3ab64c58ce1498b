import { EXIT } from '../../../entry/exit-codes.ts'
import { CATALOGUE } from '../../../oci/models/catalogue.ts'
import { PRICE_LIST_URL } from '../../../prices/oracle-list/decode.ts'
import { createPriceBook, OPERATOR } from '../../../prices/price-book.ts'
import { type PriceRow, priceRows } from '../../../prices/price-rows.ts'
import { defineCommand } from '../../command.ts'
import { CONNECTION_FLAGS, withFlags } from '../../connection-flags.ts'
import type { Host } from '../../host.ts'
import { withOptionalStore } from '../../open-store.ts'
import { type Column, textTable } from '../../text-table.ts'

/** `oci-gateway prices show` */
export const showPrices = defineCommand({
  positionals: [{ name: 'WORD', description: "Part of a model's name", isRepeated: true }],
  options: {
    json: { type: 'boolean', description: 'Print JSON, with sources and part numbers' },
    config: CONNECTION_FLAGS.config,
  },
  examples: [
    { line: 'prices show', does: 'list all prices, in USD' },
    { line: 'prices show grok --json', does: 'print the prices of Grok as JSON' },
  ],
  exitCodes: { [EXIT.failure]: 'an error occurred, or no price matches' },
  async run({ values, positionals, host }) {
    const stored = await withOptionalStore(
      host,
      withFlags(host.env, values),
      async (store) => await store?.listPrices() ?? [],
    )
    const book = createPriceBook(stored)
    const matches = (model: string) =>
      positionals.every((word) => model.toLowerCase().includes(word.toLowerCase()))
    const rows = priceRows(book.list()).filter(({ model }) => matches(model))
    const unpriced = CATALOGUE.filter((model) => matches(model) && book.find(model) === undefined)
    if (values.json) host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    else if (rows.length > 0) printTable(rows, unpriced, host)
    else host.stderr.write(`No price matches "${positionals.join(' ')}"\n`)
    return rows.length > 0 ? EXIT.success : EXIT.failure
  },
})

const COLUMNS: readonly Column[] = [
  { title: 'MODEL', minWidth: 44 },
  { title: 'PROMPT', omitOrder: 2 },
  { title: 'INPUT', align: 'right' },
  { title: 'CACHED', align: 'right' },
  { title: 'OUTPUT', align: 'right' },
  { title: 'USD FOR', align: 'right', minWidth: 16 },
  { title: 'DATE', omitOrder: 1 },
  { title: 'SOURCE', omitOrder: 3 },
]

const NONE = '–'
const count = new Intl.NumberFormat('en')

function printTable(
  rows: readonly PriceRow[],
  unpriced: readonly string[],
  { stdout, stderr }: Host,
): void {
  stdout.write(textTable(COLUMNS, rows.map(tableRow), stdout).text)
  if (unpriced.length === 0) return
  stderr.write(
    `Without a price, and so without a cost: ${
      unpriced.join(', ')
    }. "prices update" reads Oracle's ` +
      'list, "prices set MODEL" stores a price\n',
  )
}

function tableRow(row: PriceRow): readonly string[] {
  const { model, metric, per, maxPromptTokens, input, cached, output, date } = row
  const unit = metric === 'searchUnits' ? 'search units' : metric
  return [
    ...[model, maxPromptTokens === null ? 'any' : `≤ ${count.format(maxPromptTokens)}`],
    ...[input, cached ?? NONE, output ?? NONE, `${count.format(per)} ${unit}`, date, sourceOf(row)],
  ]
}

function sourceOf({ source }: PriceRow): string {
  if (source === OPERATOR) return 'prices set'
  return source === PRICE_LIST_URL ? "Oracle's price list" : 'built-in'
}
