import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { openPostgresClient } from '../../src/entry/postgres-client.ts'
import { openSqliteDatabase } from '../../src/entry/sqlite-database.ts'
import { openStore } from '../../src/entry/open-store.ts'
import { MIGRATIONS } from '../../src/store/sql/migrations.ts'
import { missingEngine, startPostgres } from './engines.ts'
import { changeOf, keyOf } from './records.ts'

/** What makes the tables of the current version those of the first one. */
const TO_FIRST = [
  ...MIGRATIONS.slice(1).flat().flatMap((sql) => {
    const [, table] = /^CREATE TABLE (\w+)/.exec(sql) ?? []
    return table === undefined ? [] : [`DROP TABLE ${table}`]
  }),
  "UPDATE meta SET value = 1 WHERE name = 'schema'",
]
const RESPONSE = { id: 'resp_1', owner: 'ann', content: '{}', createdAt: 1000, expiresAt: 9000 }

const skip = await missingEngine('postgres')

describe('migrations', () => {
  it('bring the tables of the first version to the current one, with their content', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'store-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const file = join(folder, 'gateway.db')
    const first = await openStore(`sqlite:${file}`)
    await first.createKey(keyOf('k1'), changeOf('create', 'k1'))
    await first.close()
    const database = await openSqliteDatabase(file)
    for (const sql of TO_FIRST) database.run(sql)
    database.close()
    const store = await openStore(`sqlite:${file}`)
    assert.equal((await store.listKeys()).length, 1)
    assert.equal(await store.putResponse(RESPONSE), true)
    await store.close()
  })

  it('are run once by processes that start together, on Postgres', { skip }, async (t) => {
    const engine = await startPostgres()
    t.after(() => engine.stop())
    const openTogether = async () => {
      const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(engine.url)))
      const results = await Promise.all(stores.map((store) => store.putResponse(RESPONSE)))
      assert.equal(results.filter(Boolean).length, 1)
      await Promise.all(stores.map((store) => store.close()))
    }
    // Without any table.
    await openTogether()
    const client = await openPostgresClient(engine.url)
    for (const sql of TO_FIRST) await client.send(sql, [])
    await client.close()
    await openTogether()
  })
})
