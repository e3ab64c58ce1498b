import { createClient } from '@redis/client'
import { openPostgresClient } from '../../src/entry/postgres-client.ts'

/** Deletes all tables of a Postgres database. */
export async function emptyDatabase(url: string): Promise<void> {
  const client = await openPostgresClient(url)
  await client.send('DROP SCHEMA public CASCADE', [])
  await client.send('CREATE SCHEMA public', [])
  await client.close()
}

/** Deletes all keys of a Redis server, and the scripts. */
export async function emptyRedis(url: string): Promise<void> {
  const client = createClient({ url })
  await client.connect()
  await client.flushAll()
  await client.close()
}
