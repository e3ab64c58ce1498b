import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LoggedRequest, UsageRow } from '../../src/console/data.ts'
import {
  callsByRegion,
  dayBuckets,
  groupRequests,
  groupRows,
  hourBuckets,
  quantile,
  rangeStart,
  requestDayBuckets,
  sumRequests,
  sumRows,
} from '../../src/console/recent-usage.ts'

const NOW = Date.parse('2026-11-29T02:30:00Z')

function request(part: Partial<LoggedRequest> = {}): LoggedRequest {
  return {
    ...{ requestId: 'r', time: '2026-11-29T02:10:00Z', ms: 100, path: '/v1/chat/completions' },
    ...{ model: 'm', stream: true, status: 200, outcome: 'complete', attempts: [], warnings: [] },
    tokens: { prompt: 3, completion: 4, isEstimated: false },
    ...{ cost: '0.5', key: null, team: null, person: null, userAgent: null },
    ...part,
  }
}

const failed = request({ status: 503, tokens: null, cost: null, model: 'n' })

function row(part: Partial<UsageRow>): UsageRow {
  return { requests: 2, errors: 1, promptTokens: 10, completionTokens: 5, cost: '0.25', ...part }
}

describe('sums', () => {
  it('adds up requests', () => {
    assert.deepEqual(sumRequests([request(), failed, request({ outcome: 'failed' })]), {
      ...{ requests: 3, errors: 2, tokens: 14, cost: 1 },
    })
  })

  it('has no cost if no request has one', () => {
    assert.equal(sumRequests([failed]).cost, undefined)
    assert.equal(sumRows([row({ cost: null })]).cost, undefined)
  })

  it('adds up rows of the ledger', () => {
    assert.deepEqual(sumRows([row({}), row({ cost: null })]), {
      ...{ requests: 4, errors: 2, tokens: 30, cost: 0.25 },
    })
  })
})

describe('groups', () => {
  it('have the most requests first, and a name for requests without a value', () => {
    const requests = [failed, request(), request({ team: 'a' })]
    assert.deepEqual(groupRequests(requests, 'model').map(({ name }) => name), ['m', 'n'])
    assert.deepEqual(groupRequests(requests, 'team').map(({ name }) => name), ['none', 'a'])
  })

  it('add up rows with the same value', () => {
    const rows = [row({ key: 'a', day: '1' }), row({ key: 'a', day: '2' }), row({ key: null })]
    assert.deepEqual(groupRows(rows, 'key').map(({ name, requests }) => [name, requests]), [
      ['a', 4],
      ['none', 2],
    ])
  })
})

describe('buckets', () => {
  it('start a range at midnight in UTC', () => {
    assert.equal(new Date(rangeStart('today', NOW)).toISOString(), '2026-11-29T00:00:00.000Z')
    assert.equal(new Date(rangeStart('week', NOW)).toISOString(), '2026-11-23T00:00:00.000Z')
  })

  it('have each hour until now', () => {
    const buckets = hourBuckets([request(), request({ time: '2026-11-29T00:00:00Z' })], NOW)
    assert.deepEqual(buckets.map(({ label, requests }) => [label, requests]), [
      ['00:00', 1],
      ['01:00', 0],
      ['02:00', 1],
    ])
  })

  it('have each day, also without rows', () => {
    const buckets = dayBuckets([row({ day: '2026-11-28' })], 'week', NOW)
    assert.equal(buckets.length, 7)
    assert.deepEqual(buckets.slice(-2).map(({ label, requests }) => [label, requests]), [
      ['11-28', 2],
      ['11-29', 0],
    ])
    assert.equal(requestDayBuckets([request()], 'month', NOW).at(-1)?.requests, 1)
  })
})

describe('quantile()', () => {
  const cases: [values: number[], ratio: number, expected: number | undefined][] = [
    [[], 0.5, undefined],
    [[7], 0.95, 7],
    [[4, 1, 3, 2], 0.5, 2],
    [Array.from({ length: 100 }, (_, index) => index + 1), 0.95, 95],
  ]
  for (const [values, ratio, expected] of cases) {
    it(`${ratio} of ${values.length} values`, () => {
      assert.equal(quantile(values, ratio), expected)
    })
  }
})

describe('callsByRegion()', () => {
  it('counts calls, and lists regions without calls', () => {
    const attempt = { model: 'm', after: 0, ms: 1, opcRequestId: null }
    const calls = [
      { ...attempt, region: 'a', status: 429, error: 'rate_limit_exceeded' },
      { ...attempt, region: 'b', status: 200, error: null },
      { ...attempt, region: 'a', status: null, error: 'upstream_timeout' },
    ]
    assert.deepEqual(callsByRegion([request({ attempts: calls })], ['c', 'a']), [
      { region: 'c', calls: 0, failed: 0, rateLimited: 0 },
      { region: 'a', calls: 2, failed: 2, rateLimited: 1 },
      { region: 'b', calls: 1, failed: 0, rateLimited: 0 },
    ])
  })
})
