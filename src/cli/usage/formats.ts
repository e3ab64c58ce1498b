import type { UsageRow } from '../../metering/usage-rows.ts'
import type { UsageDimension } from '../../store/store.ts'
import type { TextOutput } from '../host.ts'
import { type Column, type TextTable, textTable } from '../text-table.ts'

const NONE = '–'
const count = new Intl.NumberFormat('en')

const SUM_COLUMNS: readonly Column[] = [
  { title: 'REQUESTS', align: 'right' },
  { title: 'ERRORS', align: 'right', omitOrder: 1 },
  { title: 'PROMPT', align: 'right' },
  { title: 'CACHED', align: 'right', omitOrder: 3 },
  { title: 'COMPLETION', align: 'right' },
  { title: 'REASONING', align: 'right', omitOrder: 2 },
  { title: 'COST (USD)', align: 'right', minWidth: 14 },
]

/** Lays out usage for people. `~` marks rows with estimated tokens. */
export function usageTable(
  rows: readonly UsageRow[],
  by: readonly UsageDimension[],
  output: TextOutput,
): TextTable {
  const columns = [...by.map((name) => ({ title: name.toUpperCase() })), ...SUM_COLUMNS]
  const cells = rows.map((row) => [
    ...by.map((name) => row[name] || NONE),
    ...[row.requests, row.errors, row.promptTokens, row.cachedTokens].map(count.format),
    ...[row.completionTokens, row.reasoningTokens].map(count.format),
    row.cost === null ? NONE : `${row.estimated ? '~' : ''}${row.cost}`,
  ])
  return textTable(columns, cells, output)
}

const SUM_NAMES = [
  ...['requests', 'errors', 'promptTokens', 'cachedTokens', 'completionTokens'],
  ...['reasoningTokens', 'promptCharacters', 'answerCharacters', 'searchUnits', 'cost'],
  ...['withoutCost', 'estimated'],
] as const satisfies readonly (keyof UsageRow)[]

/** Formats usage as RFC 4180, with a header. An absent value is empty. */
export function usageAsCsv(rows: readonly UsageRow[], by: readonly UsageDimension[]): string {
  const names = [...by, ...SUM_NAMES]
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
  return lines.map((cells) => `${cells.map(toCell).join(',')}\r\n`).join('')
}

/**
 * Quotes a cell where necessary. Names of persons and sessions are chosen by clients: one that a
 * spreadsheet would calculate becomes a text.
 */
function toCell(value: string | number | boolean): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
