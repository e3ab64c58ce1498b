import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { openStore } from '../../src/entry/open-store.ts'
import { openSqliteDatabase } from '../../src/entry/sqlite-database.ts'
import { changeOf, keyOf, rowOf } from '../store/records.ts'

describe('openStore()', () => {
  it('opens a store in memory', async () => {
    const store = await openStore('memory:')
    assert.equal(await store.hasKeys(), false)
    await store.close()
  })

  it('keeps everything in an SQLite file that only its owner can read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'store-'))
    try {
      const path = join(folder, 'gateway.db')
      const store = await openStore(`sqlite:${path}`)
      const key = keyOf('k1')
      await store.createKey(key, changeOf('create', 'k1'))
      await store.settle([{ id: 'r1', row: rowOf('r1') }], 0)
      const files = await readdir(folder)
      assert.ok(files.length > 1, 'the file of the log exists')
      for (const file of files) assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600)
      await store.close()
      const again = await openStore(`sqlite:${path}`)
      assert.deepEqual(await again.listKeys(), [key])
      assert.deepEqual(await again.findRows(['r1']), [rowOf('r1')])
      await again.close()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('rejects a file of a newer version', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'store-'))
    try {
      const path = join(folder, 'gateway.db')
      await (await openStore(`sqlite:${path}`)).close()
      const database = await openSqliteDatabase(path)
      database.run("UPDATE meta SET value = 1000 WHERE name = 'schema'")
      database.close()
      await assert.rejects(openStore(`sqlite:${path}`), {
        code: 'configuration_error',
        message: /it has version 1000, this gateway knows \d+\. Update the gateway/,
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  const cases: [location: string, counters: string | undefined, message: RegExp][] = [
    [
      'mysql://u:secret@host',
      undefined,
      /"mysql:…"\. Use memory:, sqlite:\.\/gateway\.db or postgres/,
    ],
    ['sqlite:', undefined, /"sqlite:…"/],
    ['./gateway.db', undefined, /"…"\. Use memory:/],
    ['memory:', 'http://u:secret@host', /Cannot open the counters.*"http:…"\. Use redis:\/\//],
    ['sqlite:/no/such/folder/gateway.db', undefined, /Cannot open the store in SQLite: ENOENT/],
    [
      'postgres://u:secret@127.0.0.1:1/x',
      undefined,
      /Cannot open the store in Postgres: .*ECONNREFUSED/,
    ],
    ['memory:', 'redis://:secret@127.0.0.1:1', /Cannot open the store in Redis: .*ECONNREFUSED/],
  ]
  for (const [location, counters, message] of cases) {
    it(`rejects ${location} ${counters ?? ''} without its password`, async () => {
      const error = await openStore(location, counters).then(() => undefined, (error) => error)
      assert.match(error.message, message)
      assert.equal(error.code, 'configuration_error')
      assert.doesNotMatch(error.message, /secret/)
    })
  }
})
