import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createBatchExporter, type Delivery } from '../../../src/telemetry/export/batch-exporter.ts'
import { createTimers, settle } from './timers.ts'

interface Script {
  /** The result of each delivery, the last one for all further ones. `throw` rejects. */
  results?: (Delivery | 'throw')[]
}

function open({ results = ['delivered'] }: Script = {}) {
  const timers = createTimers()
  const batches: number[][] = []
  let failures = 0
  const exporter = createBatchExporter<number>({
    signal: 'traces.test',
    timers,
    onFailure: () => failures++,
    maxQueue: 10,
    maxBatch: 4,
    deliver(items) {
      const result = results[Math.min(batches.length, results.length - 1)]
      batches.push([...items])
      return result === 'throw' ? Promise.reject(new Error('down')) : Promise.resolve(result!)
    },
  })
  return { timers, batches, exporter, failures: () => failures }
}

describe('createBatchExporter()', () => {
  it('collects items for five seconds', async () => {
    const { timers, batches, exporter } = open()
    exporter.add(1)
    exporter.add(2)
    await timers.advance(4_999)
    assert.deepEqual(batches, [])
    await timers.advance(1)
    assert.deepEqual(batches, [[1, 2]])
    assert.deepEqual(exporter.reading, {
      ...{ signal: 'traces.test', exported: 2, dropped: 0, failures: 0 },
    })
  })

  it('delivers a full batch at once', async () => {
    const { batches, exporter } = open()
    for (const item of [1, 2, 3, 4]) exporter.add(item)
    await settle()
    assert.deepEqual(batches, [[1, 2, 3, 4]])
  })

  it('keeps the order of items that a receiver takes later', async () => {
    const { timers, batches, exporter, failures } = open({
      results: ['retry', 'throw', 'delivered'],
    })
    for (const item of [1, 2, 3, 4, 5]) exporter.add(item)
    await settle()
    await timers.advance(5_000)
    await timers.advance(9_999)
    assert.equal(batches.length, 2)
    await timers.advance(1)
    assert.deepEqual(batches, [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4], [5]])
    assert.deepEqual(exporter.reading, {
      ...{ signal: 'traces.test', exported: 5, dropped: 0, failures: 2 },
    })
    // One line of the log for an outage.
    assert.equal(failures(), 1)
  })

  it('drops a batch that the receiver rejects, and continues', async () => {
    const { batches, exporter } = open({ results: ['rejected', 'delivered'] })
    for (const item of [1, 2, 3, 4, 5]) exporter.add(item)
    await exporter.flush()
    await settle()
    assert.deepEqual(batches, [[1, 2, 3, 4], [5]])
    assert.equal(exporter.reading.dropped, 4)
    assert.equal(exporter.size, 0)
  })

  it('drops items when the queue is full, and counts them', async () => {
    const { timers, exporter } = open({ results: ['retry'] })
    for (let item = 0; item < 100; item++) exporter.add(item)
    assert.equal(exporter.size, 10)
    await timers.advance(300_000)
    assert.equal(exporter.size, 10)
    assert.equal(exporter.reading.dropped, 90)
  })

  it('is bounded in memory and in calls while the receiver is down for five minutes', async () => {
    const { timers, batches, exporter } = open({ results: ['throw'] })
    for (let second = 0; second < 300; second++) {
      for (let item = 0; item < 100; item++) exporter.add(item)
      await timers.advance(1_000)
      assert.ok(exporter.size <= 10)
    }
    // 5, 10, 20, 40, then 60 seconds between two calls.
    assert.ok(batches.length <= 10, `${batches.length} calls`)
    assert.equal(timers.waiting <= 1, true)
    assert.equal(exporter.reading.dropped, 30_000 - 10)
  })
})
