import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { LedgerRow } from '../../src/store/records.ts'
import type { Store } from '../../src/store/store.ts'
import { createFakeHost, type FakeHost } from './fake-host.ts'

/** The time of hosts with a store. */
export const NOW = Date.parse('2026-11-28T12:00:00Z')

/** A host without a credential, whose GATEWAY_STORE is a store in memory. */
export function createStoreHost(parts: Partial<FakeHost> = {}): { host: FakeHost; store: Store } {
  const store = createMemoryStore()
  const host = createFakeHost({
    now: () => NOW,
    openStore: () => Promise.resolve(store),
    ...parts,
    env: { GATEWAY_STORE: 'sqlite:./gateway.db', ...parts.env },
  })
  return { host, store }
}

let rows = 0

/** A row of the ledger, as of a whole answer of Grok. */
export function ledgerRow(changes: Partial<LedgerRow> = {}): LedgerRow {
  return {
    id: `row-${rows++}`,
    time: NOW,
    ...{ key: '', team: undefined, person: undefined, session: undefined, api: 'chat' },
    ...{ requestedModel: 'xai.grok-4.3', model: 'xai.grok-4.3', region: 'us-chicago-1' },
    endpoint: 'native',
    ...{ promptTokens: 100, cachedTokens: 0, completionTokens: 10, reasoningTokens: 0 },
    ...{ promptCharacters: 400, answerCharacters: 40, searchUnits: 0 },
    ...{ cost: 150_000, partNumber: 'B112080,B112082', pricesAsOf: '2026-07-30' },
    ...{ estimated: false, opcRequestId: undefined, status: 200, outcome: 'complete', ms: 1 },
    ...{ firstTokenMs: 1, attempts: 1 },
    ...changes,
  }
}

/** Writes rows as the gateway does. */
export async function writeRows(store: Store, rows: readonly LedgerRow[]): Promise<void> {
  await store.settle(rows.map((row) => ({ id: row.id, row })), NOW)
}
