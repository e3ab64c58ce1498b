import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRecentRequests } from '../../src/telemetry/recent-requests.ts'
import { RequestProgress } from '../../src/telemetry/request-progress.ts'
import { requestRecord } from './request-record.ts'

const idsOf = (list: readonly { requestId: string }[]) => list.map(({ requestId }) => requestId)

describe('createRecentRequests()', () => {
  it('keeps the newest records, the newest first', () => {
    const recent = createRecentRequests(3)
    for (let index = 1; index <= 5; index++) {
      recent.add(requestRecord({ requestId: `r${index}`, startedAt: index }))
    }
    assert.deepEqual(idsOf(recent.list()), ['r5', 'r4', 'r3'])
  })

  it('sorts by the end of requests', () => {
    const recent = createRecentRequests()
    recent.add(requestRecord({ requestId: 'long', startedAt: 1, ms: 100 }))
    recent.add(requestRecord({ requestId: 'short', startedAt: 50, ms: 1 }))
    assert.deepEqual(idsOf(recent.list()), ['long', 'short'])
  })

  it('ignores requests that call no model', () => {
    const recent = createRecentRequests()
    recent.add(requestRecord({ api: undefined }))
    assert.deepEqual(recent.list(), [])
  })

  it('is not displaced by requests with a wrong key', () => {
    const recent = createRecentRequests(3)
    recent.add(requestRecord({ requestId: 'own', startedAt: 0 }))
    for (let index = 1; index <= 1_000; index++) {
      recent.add(
        requestRecord({ requestId: `x${index}`, startedAt: index, error: 'invalid_api_key' }),
      )
    }
    const list = recent.list()
    assert.equal(list.at(-1)?.requestId, 'own')
    assert.equal(list.length, 21)
  })
})

describe('RequestProgress', () => {
  it('marks the first token once', () => {
    let now = 10
    const progress = new RequestProgress(() => now)
    now = 25
    progress.markFirstToken()
    now = 99
    progress.markFirstToken()
    assert.deepEqual([progress.startedAt, progress.firstTokenAt], [10, 25])
  })

  it('bounds the attempts', () => {
    const progress = new RequestProgress(() => 0)
    const attempt = { model: 'm', region: 'r', startedAt: 0, ms: 1, status: 200 }
    for (let index = 0; index < 100; index++) {
      progress.attempt({ ...attempt, error: undefined, opcRequestId: undefined })
    }
    assert.equal(progress.attempts.length, 40)
  })
})
