import assert from 'node:assert/strict'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { CLOSE_TIME } from '../../src/entry/end-on-signal.ts'
import { openPostgresClient } from '../../src/entry/postgres-client.ts'
import type { PostgresClient, SendToPostgres } from '../../src/store/postgres/runner.ts'
import { type Engine, missingEngine, startPostgres } from './engines.ts'

type Work = (send: SendToPostgres, end: () => Promise<void>) => Promise<unknown>

/** The driver writes to a connection that is lost, and ends the process, unless that is prevented. */
const CASES: readonly (readonly [when: string, work: Work])[] = [
  ['between two statements of a transaction', async (send, end) => {
    await send('select 1', [])
    await end()
    await send('select 2', [])
  }],
  ['within a statement', async (send, end) => {
    const statement = send('select pg_sleep(600)', [])
    await Promise.all([statement, send('select 1', []), end()])
  }],
]

describe('a Postgres that ends', { skip: await missingEngine('postgres') }, () => {
  let [engine, client]: [Engine?, PostgresClient?] = []
  const thrown: unknown[] = []
  const note = (error: unknown) => void thrown.push(error)

  before(async () => {
    process.on('uncaughtException', note)
    engine = await startPostgres()
    client = await openPostgresClient(engine.url)
  })
  after(async () => {
    await client?.close()
    await engine?.stop()
    process.off('uncaughtException', note)
  })

  for (const [when, work] of CASES) {
    it(`${when} rejects the transaction, and the process continues`, async () => {
      assert.ok(engine && client)
      const { end } = engine
      await assert.rejects(client.begin((send) => work(send, end)), /CONNECTION|terminat|shut/i)
      // The driver writes in the next turn of the event loop.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
      assert.deepEqual(thrown, [])
      await engine.restart()
      assert.deepEqual([...await client.send('select 3::int as x', [])], [{ x: 3 }])
    })
  }

  it('is closed before the end of the process stops waiting for it', async () => {
    assert.ok(client)
    const closed = client.close().then(() => 'closed')
    client = undefined
    const late = setTimeout(CLOSE_TIME, 'late', { ref: false })
    assert.equal(await Promise.race([closed, late]), 'closed')
  })
})
