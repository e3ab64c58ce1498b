import type {
  AuditRow,
  Change,
  KeyRecord,
  LedgerRow,
  OwnedObject,
  TeamRecord,
  TokenRatio,
} from '../records.ts'
import { nextAuditRow } from '../audit.ts'
import type { ResponseRecord } from '../response-record.ts'
import type { CounterValue, HeldReservation } from '../reserve.ts'
import type { PriceOverride } from '../store.ts'
import type { SummedUsage } from '../usage.ts'

/** Everything that a store in memory holds. */
export interface MemoryState {
  /** By their ids. */
  keys: Map<string, KeyRecord>
  /** By their names. */
  teams: Map<string, TeamRecord>
  /** By their ids. */
  responses: Map<string, ResponseRecord>
  /** By the keys of `counterKey`. */
  counters: Map<string, CounterValue>
  /** By the ids of the requests. */
  held: Map<string, HeldReservation>
  /** By the ids of the requests, in the order of the settlements. */
  ledger: Map<string, LedgerRow>
  /** Sums of deleted rows, by their values. */
  archive: Map<string, SummedUsage>
  /** Rows before this time, the beginning of a day, have been deleted. */
  deletedBefore: number
  /** By their ids, in the order in which they were recorded. */
  objects: Map<string, OwnedObject>
  /** By their models. */
  prices: Map<string, PriceOverride>
  ratios: Map<string, TokenRatio>
  audit: AuditRow[]
}

/** Creates an empty store. */
export function createMemoryState(): MemoryState {
  return {
    keys: new Map(),
    teams: new Map(),
    responses: new Map(),
    counters: new Map(),
    held: new Map(),
    ledger: new Map(),
    archive: new Map(),
    deletedBefore: -Infinity,
    objects: new Map(),
    prices: new Map(),
    ratios: new Map(),
    audit: [],
  }
}

/** Adds a change to the audit log. Its length is the revision. */
export function recordChange({ audit }: MemoryState, change: Change): void {
  audit.push(nextAuditRow(audit.at(-1), change))
}
