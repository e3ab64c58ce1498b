import type { LedgerRow, UsageOutcome } from '../records.ts'
import type { UsageSums } from '../usage.ts'
import type { SqlRow, SqlValue } from './statement.ts'

/** The columns of the ledger for the members of a row. */
const LEDGER: Readonly<Record<keyof LedgerRow, string>> = {
  id: 'id',
  time: 'time',
  key: 'key',
  team: 'team',
  person: 'person',
  session: 'session',
  api: 'api',
  requestedModel: 'requested_model',
  model: 'model',
  region: 'region',
  endpoint: 'endpoint',
  promptTokens: 'prompt_tokens',
  cachedTokens: 'cached_tokens',
  completionTokens: 'completion_tokens',
  reasoningTokens: 'reasoning_tokens',
  promptCharacters: 'prompt_characters',
  answerCharacters: 'answer_characters',
  searchUnits: 'search_units',
  cost: 'cost',
  partNumber: 'part_number',
  pricesAsOf: 'prices_as_of',
  estimated: 'estimated',
  opcRequestId: 'opc_request_id',
  status: 'status',
  outcome: 'outcome',
  ms: 'ms',
  firstTokenMs: 'first_token_ms',
  attempts: 'attempts',
}

const MEMBERS = Object.entries(LEDGER)

/** The names of the columns of `ledgerValues`, for INSERT and SELECT. */
export const LEDGER_COLUMNS = MEMBERS.map(([, column]) => column).join()

/** The number of the columns. */
export const LEDGER_WIDTH = MEMBERS.length

/** The values of a row in the order of the columns. */
export function ledgerValues(row: LedgerRow): SqlValue[] {
  const members: Readonly<Record<string, unknown>> = { ...row }
  return MEMBERS.map(([member]) => sqlValue(members[member]))
}

function sqlValue(value: unknown): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' || typeof value === 'number' ? value : null
}

/** Reads a row of the ledger. */
export function ledgerRow(columns: SqlRow): LedgerRow {
  const members = MEMBERS.map(([member, column]) => [member, columns[column] ?? undefined])
  // The columns have the types of the members, except for this one.
  return { ...Object.fromEntries(members), estimated: columns['estimated'] === 1 } as LedgerRow
}

const FAILED: readonly UsageOutcome[] = ['failed', 'expired']

/** The columns of sums, and the expression of each for one row of the ledger, as in `summedRow`. */
const SUMS: Readonly<Record<keyof UsageSums, [column: string, expression: string]>> = {
  requests: ['requests', '1'],
  errors: [
    'errors',
    `CASE WHEN outcome IN (${FAILED.map((outcome) => `'${outcome}'`).join()})
     OR (outcome = 'complete' AND status >= 400) THEN 1 ELSE 0 END`,
  ],
  promptTokens: ['prompt_tokens', 'prompt_tokens'],
  cachedTokens: ['cached_tokens', 'cached_tokens'],
  completionTokens: ['completion_tokens', 'completion_tokens'],
  reasoningTokens: ['reasoning_tokens', 'reasoning_tokens'],
  promptCharacters: ['prompt_characters', 'prompt_characters'],
  answerCharacters: ['answer_characters', 'answer_characters'],
  searchUnits: ['search_units', 'search_units'],
  cost: ['cost', 'COALESCE(cost, 0)'],
  priced: ['priced', 'CASE WHEN cost IS NULL THEN 0 ELSE 1 END'],
  withoutCost: ['without_cost', 'CASE WHEN cost IS NULL AND status < 400 THEN 1 ELSE 0 END'],
  estimated: ['estimated', 'estimated'],
}

/** The columns of sums in a roll-up. */
export const SUM_COLUMNS = Object.values(SUMS).map(([column]) => column)

/** The sums of rows of the ledger, for a roll-up. */
export const LEDGER_SUMS = Object.values(SUMS).map(([, expression]) => `SUM(${expression})`).join()

/** The columns of a roll-up for one row of the ledger. */
export const LEDGER_AS_ROLL_UP = Object.values(SUMS)
  .map(([column, expression]) => `${expression} AS ${column}`).join()

/** The sums of columns of roll-ups, for `readSums`. The sum of costs may exceed the safe integers. */
export const READABLE_SUMS = SUM_COLUMNS.map((column) => {
  const sum = `SUM(${column})`
  return `${column === 'cost' ? `CAST(${sum} AS TEXT)` : sum} AS ${column}`
}).join()

/** Reads the sums of a row. */
export function readSums(row: SqlRow): UsageSums {
  const number = (member: keyof UsageSums) => Number(row[SUMS[member][0]])
  return {
    requests: number('requests'),
    errors: number('errors'),
    promptTokens: number('promptTokens'),
    cachedTokens: number('cachedTokens'),
    completionTokens: number('completionTokens'),
    reasoningTokens: number('reasoningTokens'),
    promptCharacters: number('promptCharacters'),
    answerCharacters: number('answerCharacters'),
    searchUnits: number('searchUnits'),
    cost: BigInt(row[SUMS.cost[0]] ?? 0),
    priced: number('priced'),
    withoutCost: number('withoutCost'),
    estimated: number('estimated'),
  }
}
