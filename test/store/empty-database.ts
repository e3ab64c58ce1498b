import { openPostgresClient } from '../../src/entry/postgres-client.ts'

/** Deletes all tables of a Postgres database. */
export async function emptyDatabase(url: string): Promise<void> {
  const client = await openPostgresClient(url)
  await client.send('DROP SCHEMA public CASCADE', [])
  await client.send('CREATE SCHEMA public', [])
  await client.close()
}
