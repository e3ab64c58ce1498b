import type { Change, KeyRecord, LedgerRow } from '../../src/store/records.ts'
import type { CounterDemand, CounterName, Reservation } from '../../src/store/store.ts'

/** A row of the ledger with 10 + 5 tokens. */
export function rowOf(id: string, changes: Partial<LedgerRow> = {}): LedgerRow {
  return {
    id,
    time: Date.UTC(2026, 10, 28, 12),
    key: 'k1',
    team: 'research',
    person: undefined,
    session: undefined,
    api: 'chat',
    requestedModel: 'grok',
    model: 'xai.grok-4.3',
    region: 'us-chicago-1',
    endpoint: 'native',
    promptTokens: 10,
    cachedTokens: 2,
    completionTokens: 5,
    reasoningTokens: 1,
    promptCharacters: 40,
    answerCharacters: 20,
    searchUnits: 0,
    cost: 1000,
    partNumber: 'B1',
    pricesAsOf: '2026-11-28',
    estimated: false,
    opcRequestId: 'opc',
    status: 200,
    outcome: 'complete',
    ms: 12.5,
    firstTokenMs: 3.25,
    attempts: 1,
    ...changes,
  }
}

/** A key that uses all members of a record. */
export function keyOf(id: string, changes: Partial<KeyRecord> = {}): KeyRecord {
  return {
    id,
    name: `name of ${id}`,
    hash: `hash of ${id}`,
    team: undefined,
    models: ['xai.*'],
    limits: { requestsPerMinute: 3, budget: { unit: 'usd', amount: 5e9, period: 'month' } },
    expiresAt: 2_000_000_000_000,
    compartmentId: undefined,
    attribution: true,
    disabled: false,
    createdAt: 1000,
    lastUsedAt: undefined,
    ...changes,
  }
}

/** A change by the command line. */
export function changeOf(action: string, target: string): Change {
  return { time: 1_764_000_000_000, actor: 'cli', action, target, detail: '{"a":"é"}' }
}

/** The counter of a key's tokens in November. */
export const NOVEMBER: CounterName = {
  scope: 'key:k1',
  metric: 'tokens',
  window: { type: 'calendar', id: 'month:2026-11-01', renewsAt: Date.UTC(2026, 11) },
}

/** A demand on a counter. */
export function demandOf(
  name: Partial<CounterName>,
  limit: number,
  fixed: number,
  perOutputToken = 0,
): CounterDemand {
  const counter: CounterName = { scope: 'key:k1', metric: 'tokens', window: { type: 'none' } }
  return { ...counter, ...name, limit, fixed, perOutputToken }
}

/** A reservation that expires after a minute. */
export function reservationOf(
  id: string,
  demands: readonly CounterDemand[],
  changes: Partial<Reservation> = {},
): Reservation {
  const now = changes.now ?? 1_000_000
  return {
    id,
    now,
    expiresAt: now + 60_000,
    output: { wanted: 0, minimum: 0 },
    demands,
    worstCase: rowOf(id, { promptTokens: 100, completionTokens: 100, cost: 5000 }),
    ...changes,
  }
}
