import { ApiError } from '../../errors.ts'
import { SUM_COLUMNS } from './columns.ts'
import { PERIODS, readMeta, ROLL_UPS, setMeta, tableOf } from './roll-ups.ts'
import { type Dialect, query, type Steps } from './statement.ts'

/**
 * The statements that create and change the tables, in SQLite's words. A database has the number of
 * the last one that it ran; a released one must never be changed.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [[
  'CREATE TABLE api_keys (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash TEXT NOT NULL UNIQUE, record TEXT NOT NULL, last_used INTEGER)',
  'CREATE TABLE teams (name TEXT PRIMARY KEY, record TEXT NOT NULL)',
  'CREATE TABLE counters (name TEXT PRIMARY KEY, spent INTEGER NOT NULL, reserved INTEGER NOT NULL, period INTEGER NOT NULL, ends_at INTEGER) WITHOUT ROWID',
  'CREATE INDEX counters_ends_at ON counters (ends_at)',
  'CREATE TABLE reservations (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, parts TEXT NOT NULL, ledger_row TEXT NOT NULL) WITHOUT ROWID',
  'CREATE INDEX reservations_expires_at ON reservations (expires_at)',
  `CREATE TABLE ledger (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, time INTEGER NOT NULL,
    day INTEGER NOT NULL, key TEXT NOT NULL, team TEXT, person TEXT,
    session TEXT, api TEXT NOT NULL, requested_model TEXT NOT NULL, model TEXT NOT NULL, region TEXT,
    endpoint TEXT, prompt_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL,
    prompt_characters INTEGER NOT NULL, answer_characters INTEGER NOT NULL,
    search_units INTEGER NOT NULL, cost INTEGER, part_number TEXT, prices_as_of TEXT,
    estimated INTEGER NOT NULL, opc_request_id TEXT, status INTEGER NOT NULL, outcome TEXT NOT NULL,
    ms REAL NOT NULL, first_token_ms REAL, attempts INTEGER NOT NULL)`,
  'CREATE INDEX ledger_time ON ledger (time)',
  'CREATE INDEX ledger_key ON ledger (key, time)',
  'CREATE INDEX ledger_team ON ledger (team, time)',
  ...ROLL_UPS.flatMap((rollUp) =>
    PERIODS.map((length) => rollUpTable(tableOf(rollUp, length), rollUp.columns))
  ),
  ...PERIODS.map((length) => {
    const table = `usage_by_key_and_model_${length}`
    return `CREATE INDEX ${table}_key ON ${table} (key, period)`
  }),
  'CREATE TABLE prices (model TEXT PRIMARY KEY, price TEXT NOT NULL)',
  'CREATE TABLE ratios (model TEXT PRIMARY KEY, ratio REAL NOT NULL, samples INTEGER NOT NULL, completion95 REAL)',
  'CREATE TABLE audit (sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL)',
  "INSERT INTO meta (name, value) VALUES ('revision', 0), ('folded', 0)",
], [
  // The content is last, because a large one is stored on pages of its own.
  'CREATE TABLE stored_responses (id TEXT PRIMARY KEY, owner TEXT NOT NULL, size INTEGER NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, content TEXT NOT NULL)',
  'CREATE INDEX stored_responses_expires_at ON stored_responses (expires_at)',
  'CREATE INDEX stored_responses_created_at ON stored_responses (created_at, id, size)',
], [
  'CREATE TABLE objects (id TEXT PRIMARY KEY, owner TEXT NOT NULL, expires_at INTEGER)',
  'CREATE INDEX objects_expires_at ON objects (expires_at)',
]]

/** Any number that no other program is likely to lock in the same database. */
const MIGRATION_LOCK = 7_190_421_865

function rollUpTable(table: string, columns: readonly string[]): string {
  const texts = columns.map((column) => `${column} TEXT NOT NULL`)
  const sums = SUM_COLUMNS.map((column) => `${column} INTEGER NOT NULL`)
  return `CREATE TABLE ${table} (period INTEGER NOT NULL, ${texts.join()}, ${sums.join()},
    PRIMARY KEY (period, ${columns.join()})) WITHOUT ROWID`
}

/** Brings the tables to the current version. */
export function* migrate(dialect: Dialect): Steps<void> {
  // Processes that start together wait for each other. In SQLite the transaction does this.
  if (dialect.name === 'postgres') yield* query('SELECT pg_advisory_xact_lock(?)', MIGRATION_LOCK)
  yield* query(
    toDialect('CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER)', dialect),
  )
  const version = (yield* readMeta('schema')) ?? 0
  if (version > MIGRATIONS.length) {
    const state = `it has version ${version}, this gateway knows ${MIGRATIONS.length}`
    throw new ApiError('configuration_error', `Cannot use the store: ${state}. Update the gateway`)
  }
  for (const sql of MIGRATIONS.slice(version).flat()) yield* query(toDialect(sql, dialect))
  if (version < MIGRATIONS.length) yield* setMeta('schema', MIGRATIONS.length)
}

function toDialect(sql: string, { name }: Dialect): string {
  if (name === 'sqlite') return sql
  return sql.replace('INTEGER PRIMARY KEY AUTOINCREMENT', 'BIGSERIAL PRIMARY KEY')
    .replaceAll(/\bINTEGER\b/g, 'BIGINT')
    .replaceAll(/\bREAL\b/g, 'DOUBLE PRECISION')
    .replaceAll('WITHOUT ROWID', '')
}
