/**
 * Measures queries of usage in an SQLite store with 10,000 keys and 10 million rows:
 *
 *   node bench/store-usage.ts [--rows 10000000] [--file /tmp/usage.db]
 *
 * A file that exists is used again. The rows cover 90 days, 100 teams, 7 models, 2 regions, 2,000
 * persons, and sessions of 200 requests.
 */
import { existsSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { openSqliteDatabase } from '../src/entry/sqlite-database.ts'
import { createLocalRunner } from '../src/store/sql/local-runner.ts'
import type { SqlDatabase } from '../src/store/sql/statement.ts'
import { openSqlStore } from '../src/store/sql/store.ts'
import type { Store, UsageQuery } from '../src/store/store.ts'
import { DAY } from '../src/store/usage.ts'

const START = Date.UTC(2026, 8, 1)
const DAYS = 90
const AT_ONCE = 500_000

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    file: { type: 'string', default: '/tmp/oci-genai-gateway-usage.db' },
  },
})
const count = Number(values.rows)
const isNew = !existsSync(values.file)
const database = await openSqliteDatabase(values.file)
const store = await openSqlStore(createLocalRunner(database))
if (isNew) await fill(database, store)
for (const [name, query] of Object.entries(queries())) await measure(name, query)
await store.close()

async function fill(database: SqlDatabase, store: Store): Promise<void> {
  database.run('PRAGMA synchronous = OFF')
  for (let from = 0; from < count; from += AT_ONCE) {
    const last = Math.min(from + AT_ONCE, count)
    database.all(insertStatement(from, last), [])
    const startedAt = performance.now()
    await store.usage({ by: [] })
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    process.stderr.write(`${last} rows, added to the roll-ups in ${seconds} s\n`)
  }
}

function insertStatement(from: number, last: number): string {
  const time = `(${START} + n * ${(DAYS * DAY) / count})`
  const day = `CAST(${time} / ${DAY} AS INTEGER)`
  return `WITH RECURSIVE numbers (n) AS
      (SELECT ${from} UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${last}),
    rows AS (SELECT n, (n * 7919) % 10000 AS k, CAST(${time} AS INTEGER) AS t, ${day} AS d FROM numbers)
    INSERT INTO ledger (id, time, day, key, team, person, session, api, requested_model, model,
      region, endpoint, prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens,
      prompt_characters, answer_characters, search_units, cost, part_number, prices_as_of, estimated,
      opc_request_id, status, outcome, ms, first_token_ms, attempts)
    SELECT hex(randomblob(12)), t, d,
      'key' || k, 'team' || (k % 100), 'person' || ((n * 31) % 2000), 'session' || (n / 200), 'chat',
      'grok', 'model' || (n % 7), 'region' || (n % 2), 'native', n % 5000, n % 100, n % 900, n % 50,
      n % 20000, n % 3000, 0, n % 1000000, 'B110463', '2026-11-28', 0, hex(randomblob(16)), 200,
      'complete', 1234.5, 210.25, 1 FROM rows`
}

function queries(): Record<string, UsageQuery> {
  const dimensions = ['key', 'team', 'model', 'region', 'day', 'person', 'session'] as const
  const range = { since: START + 17.3 * DAY, until: START + 81.7 * DAY }
  const all: Record<string, UsageQuery> = {
    total: { by: [] },
    'key, model': { by: ['key', 'model'] },
  }
  for (const dimension of dimensions) {
    all[dimension] = { by: [dimension] }
    all[`${dimension}, range`] = { by: [dimension], ...range }
    all[`${dimension}, month`] = {
      by: [dimension],
      since: Date.UTC(2026, 9),
      until: Date.UTC(2026, 10),
    }
    all[`${dimension}, key`] = { by: [dimension], key: 'key77', ...range }
    all[`${dimension}, team`] = { by: [dimension], team: 'team7', ...range }
  }
  return all
}

/** The shortest of three runs: the machine may be busy. */
async function measure(name: string, query: UsageQuery): Promise<void> {
  const times: number[] = []
  const cpu: number[] = []
  let groups = 0
  for (let run = 0; run < 3; run++) {
    const before = process.cpuUsage()
    const startedAt = performance.now()
    groups = (await store.usage(query)).length
    times.push(performance.now() - startedAt)
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / 1000)
  }
  const [time, used] = [times, cpu].map((list) => Math.min(...list).toFixed(0).padStart(6))
  process.stdout.write(`${name.padEnd(20)} ${time} ms, CPU ${used} ms, ${groups} groups\n`)
}
