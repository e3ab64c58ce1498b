import type {
  AttemptRecord,
  RequestRecord,
  TokenRecord,
} from '../../src/telemetry/request-record.ts'

/** A successful call; `part` overrides it. */
export function attempt(part: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    ...{ model: 'acme.one', region: 'us-chicago-1', startedAt: 1_010, ms: 80 },
    ...{ status: 200, error: undefined, opcRequestId: 'OPC' },
    ...part,
  }
}

/** The record of a successful chat; `part` overrides it. */
export function record(part: Partial<RequestRecord> = {}): RequestRecord {
  return {
    ...{ requestId: 'request1', startedAt: 1_000, ms: 100, method: 'POST' },
    ...{ path: '/v1/chat/completions', api: 'chat', model: 'acme.one', stream: false },
    ...{ status: 200, outcome: 'complete', error: undefined, reason: undefined },
    ...{ region: 'us-chicago-1', fallback: undefined, attempts: [attempt()] },
    ...{ firstTokenMs: undefined, tokens: undefined, cost: undefined, warnings: [] },
    opcRequestId: 'OPC',
    sender: { key: undefined, team: undefined, person: undefined, userAgent: undefined },
    ...part,
  }
}

/** Token counts that OCI has reported. */
export function tokens(
  prompt: number,
  completion: number,
  cached = 0,
  reasoning = 0,
): TokenRecord {
  return { prompt, completion, cached, reasoning, isEstimated: false }
}
