import type { RequestRecord } from '../../src/telemetry/request-record.ts'

/** The record of a request that was answered; `part` replaces members. */
export function requestRecord(part: Partial<RequestRecord> = {}): RequestRecord {
  return {
    ...{ requestId: 'request1', startedAt: 1_000, ms: 50, method: 'POST' },
    ...{ path: '/v1/chat/completions', api: 'chat', model: 'acme.one', stream: false, status: 200 },
    ...{ outcome: 'complete', error: undefined, reason: undefined, region: 'us-chicago-1' },
    ...{ fallback: undefined, attempts: [], firstTokenMs: undefined, tokens: undefined },
    ...{ cost: undefined, warnings: [], opcRequestId: undefined },
    sender: { key: undefined, team: undefined, person: undefined, userAgent: undefined },
    ...part,
  }
}
