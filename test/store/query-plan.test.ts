import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openSqliteDatabase } from '../../src/entry/sqlite-database.ts'
import { createLocalRunner } from '../../src/store/sql/local-runner.ts'
import type { SqlDatabase } from '../../src/store/sql/statement.ts'
import { openSqlStore } from '../../src/store/sql/store.ts'
import type { Store, UsageDimension, UsageQuery } from '../../src/store/store.ts'
import { demandOf, reservationOf, rowOf } from './records.ts'

const DAY = 86_400_000
const SINCE = Date.UTC(2026, 8, 18, 7)
const BY: readonly (readonly UsageDimension[])[] = [
  ...[[], ['key'], ['team'], ['model'], ['region'], ['day'], ['person'], ['session']] as const,
  ...[['key', 'model'], ['key', 'model', 'day'], ['person', 'session'], ['team', 'day']] as const,
]
const FILTERS: Readonly<Record<string, Omit<UsageQuery, 'by'>>> = {
  'all rows': {},
  'a range': { since: SINCE, until: SINCE + 64.3 * DAY },
  'the end of a range': { since: SINCE },
  'a key in a range': { key: 'k1', since: SINCE, until: SINCE + 64.3 * DAY },
  'a team': { team: 'research' },
}
/** A whole table is read, or a table by another index than the best one. */
const FULL_READ =
  /\bSCAN (usage_|ledger|counters|reservations)|USING INDEX usage_by_key_and_model_\d+_key$/

/** Opens a store with the details of the plans of its queries. */
async function openPlanned(): Promise<{ store: Store; plans: string[] }> {
  const database = await openSqliteDatabase(':memory:')
  const plans: string[] = []
  const planned: SqlDatabase = {
    ...database,
    all(sql, values) {
      if (/^\s*(SELECT|UPDATE|DELETE)/.test(sql)) {
        const details = database.all(`EXPLAIN QUERY PLAN ${sql}`, values)
        plans.push(...details.map(({ detail }) => String(detail)))
      }
      return database.all(sql, values)
    },
  }
  return { store: await openSqlStore(createLocalRunner(planned)), plans }
}

describe('query plans of SQLite', () => {
  for (const [name, filter] of Object.entries(FILTERS)) {
    for (const by of BY) {
      const isPersonal = by.some((dimension) => dimension === 'person' || dimension === 'session')
      // No roll-up has persons or sessions together or with a key or a team.
      if (isPersonal && (by.length > 1 || filter.key || filter.team)) continue
      it(`usage of ${name} by ${by.join() || 'nothing'} reads no whole table`, async () => {
        const { store, plans } = await openPlanned()
        plans.length = 0
        await store.usage({ by, ...filter })
        assert.ok(plans.length > 0)
        assert.deepEqual(plans.filter((detail) => FULL_READ.test(detail)), [])
        await store.close()
      })
    }
  }

  it('a request reads no whole table, and its counters and reservation at once', async () => {
    const { store, plans } = await openPlanned()
    plans.length = 0
    await store.reserve(reservationOf('one', [demandOf({}, 1000, 1)]))
    assert.deepEqual(plans.filter((detail) => detail.startsWith('SEARCH')).length, 2)
    await store.settle([{ id: 'one', row: rowOf('one') }], 1)
    assert.deepEqual(plans.filter((detail) => FULL_READ.test(detail)), [])
    await store.close()
  })
})
