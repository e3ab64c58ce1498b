import { createClient } from '@redis/client'
import { openPostgresClient } from '../../src/entry/postgres-client.ts'

/** Deletes the content of all tables of a store in Postgres, if there are any. */
export async function emptyPostgres(url: string): Promise<void> {
  const client = await openPostgresClient(url)
  const tables = await client.send(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    [],
  )
  const names = tables.map(({ tablename }) => String(tablename)).filter((name) => name !== 'meta')
  const statements = names.map((name) => `DELETE FROM ${name}`)
  const meta = "UPDATE meta SET value = 0 WHERE name <> 'schema'"
  if (names.length > 0) {
    await client.send(`DO $$ BEGIN ${[...statements, meta].join(';')}; END $$`, [])
  }
  await client.close()
}

/** Deletes all keys of a Redis server, and the scripts. */
export async function emptyRedis(url: string): Promise<void> {
  const client = createClient({ url })
  await client.connect()
  await client.flushAll()
  await client.close()
}
