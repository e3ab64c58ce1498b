import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createStoreGuard } from '../../src/access/store-guard.ts'
import { createSettlementQueue } from '../../src/metering/settlement-queue.ts'
import type { LogRecord } from '../../src/platform.ts'
import { rowOf } from '../store/records.ts'

/** A store that fails as long as `fails` says so, and records the ids of each transaction. */
function openQueue(fails: (ids: readonly string[]) => boolean) {
  const transactions: string[][] = []
  const log: LogRecord[] = []
  let now = 0
  // Each call is later than the pause after a failure.
  const clock = () => now += 1_000
  const queue = createSettlementQueue({
    store: {
      settle(settlements) {
        const ids = settlements.map(({ id }) => id)
        if (fails(ids)) return Promise.reject(new Error('no'))
        transactions.push(ids)
        return Promise.resolve()
      },
      ping: () => Promise.resolve(),
    },
    guard: createStoreGuard(clock, () => {}),
    platform: { now: clock, log: (record) => log.push(record) },
    onWritten() {},
  })
  const add = (...ids: string[]) => ids.forEach((id) => queue.add({ id, row: rowOf(id) }))
  return { queue, transactions, log, add }
}

describe('createSettlementQueue()', () => {
  it('writes what was added in one transaction', async () => {
    const { queue, transactions, add } = openQueue(() => false)
    add('a', 'b', 'c')
    await queue.flush()
    assert.deepEqual([transactions, queue.size], [[['a', 'b', 'c']], 0])
  })

  it('keeps settlements that the store did not take, in their order', async () => {
    let isDown = true
    const { queue, transactions, add } = openQueue(() => isDown)
    add('a', 'b')
    await queue.flush()
    add('c')
    assert.deepEqual([transactions, queue.size], [[], 3])
    isDown = false
    await queue.flush()
    assert.deepEqual([transactions.flat(), queue.size], [['a', 'b', 'c'], 0])
  })

  it('loses none that is added while two writers write the same one', async () => {
    const { queue, transactions, add } = openQueue(() => false)
    add('a')
    const writing = [queue.flush(), queue.writeNow()]
    add('b')
    await Promise.all(writing)
    await queue.flush()
    assert.deepEqual([new Set(transactions.flat()), queue.size], [new Set(['a', 'b']), 0])
  })

  it('gives up one that a store in operation never takes, logs it, and writes the others', async () => {
    const { queue, transactions, log, add } = openQueue((ids) => ids.includes('bad'))
    add('bad', 'good')
    for (let attempt = 0; attempt < 20 && queue.size > 0; attempt++) await queue.flush()
    assert.deepEqual([transactions, queue.size], [[['good']], 0])
    assert.deepEqual(log.map(({ event, id }) => [event, id]), [['settlement_lost', 'bad']])
  })
})
