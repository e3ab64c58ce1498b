import type {
  AuditRow,
  Change,
  KeyRecord,
  LedgerRow,
  OwnedObject,
  TeamRecord,
  TokenRatio,
} from './records.ts'
import type { ResponseLimits, ResponseRecord } from './response-record.ts'

/** What a counter counts. `cost` is in nano-dollars; `concurrency` is freed by the settlement. */
export type CounterMetric = 'requests' | 'tokens' | 'cost' | 'concurrency'

/**
 * The time that a counter covers. `minute` begins with its first request. A calendar window is
 * identified by its start, such as `month:2026-11-01`, so that a clock set back finds the counter of
 * the earlier window again.
 */
export type CounterWindow =
  | { type: 'minute' }
  | { type: 'calendar'; id: string; renewsAt: number }
  | { type: 'none' }

/** One counter: of a key (`key:<id>`) or of a team (`team:<name>`). */
export interface CounterName {
  scope: string
  metric: CounterMetric
  window: CounterWindow
}

/** What a request needs of one counter, at most: `fixed + perOutputToken × output tokens`. */
export interface CounterDemand extends CounterName {
  limit: number
  fixed: number
  perOutputToken: number
}

/** The worst case of one request, for all limits that apply to it. Each counter occurs once. */
export interface Reservation {
  /** The gateway's request id. */
  id: string
  /** Milliseconds since the epoch. */
  now: number
  /** When the reservation becomes a settlement of its worst case, unless it is renewed. */
  expiresAt: number
  /**
   * Output tokens to reserve, and the least that is useful. Equal if the client has set the limit,
   * both 0 for a request without output.
   */
  output: { wanted: number; minimum: number }
  demands: readonly CounterDemand[]
  /** The row that is written if the reservation expires: it has the worst case of all columns. */
  worstCase: LedgerRow
}

/** A counter's state; `spent + reserved ≤ limit` always holds. */
export interface CounterState extends CounterName {
  spent: number
  reserved: number
  /** When the window ends, in milliseconds since the epoch. */
  renewsAt: number | undefined
}

/** The result of a reservation. `states` are after the reservation, in the order of the demands. */
export type ReservationResult =
  | { type: 'reserved'; output: number; states: readonly CounterState[] }
  | {
    type: 'rejected'
    /** The first demand that does not fit the least output. */
    demand: CounterDemand
    states: readonly CounterState[]
  }

/** The end of one request. Its row is written in the same transaction. */
export interface Settlement {
  /** Id of the reservation; the row is written even if there is none. */
  id: string
  /** Its tokens and its cost are what is spent. */
  row: LedgerRow
  /**
   * Counters that are charged if there is no reservation, because the store did not answer when the
   * request arrived. With a reservation, its own counters are charged.
   */
  charge?: readonly CounterName[] | undefined
}

/** The columns by which usage is grouped. */
export const USAGE_DIMENSIONS = [
  'key',
  'team',
  'model',
  'region',
  'day',
  'person',
  'session',
] as const

export type UsageDimension = (typeof USAGE_DIMENSIONS)[number]

/** A query of the ledger. */
export interface UsageQuery {
  by: readonly UsageDimension[]
  /** Milliseconds since the epoch; `until` is excluded. */
  since?: number | undefined
  until?: number | undefined
  /** Only this key's id or this team's rows. */
  key?: string | undefined
  team?: string | undefined
}

/** What is counted in the rows of the ledger. */
export interface UsageCounts {
  requests: number
  errors: number
  promptTokens: number
  cachedTokens: number
  completionTokens: number
  reasoningTokens: number
  promptCharacters: number
  answerCharacters: number
  searchUnits: number
}

/** Sums of the rows of one group. */
export interface UsageGroup extends UsageCounts {
  /** The values of the dimensions of the query, in their order. `day` is `2026-11-28`, in UTC. */
  group: readonly (string | undefined)[]
  /** Nano-dollars; `undefined` if no row has a cost. */
  cost: bigint | undefined
  /** Rows without a cost, although OCI answered. */
  withoutCost: number
  /** Whether a row has token counts that were estimated. */
  estimated: boolean
}

/** A price set by the operator, as JSON of `Price`. */
export interface PriceOverride {
  model: string
  price: string
}

/**
 * Stores keys, teams, counters, the ledger, responses and the audit log. Methods that change a key, a
 * team or a price write the audit row in the same transaction.
 */
export interface Store {
  findKey(hash: string): Promise<KeyRecord | undefined>
  /** Finds a key by its id or its name. */
  getKey(idOrName: string): Promise<KeyRecord | undefined>
  listKeys(): Promise<readonly KeyRecord[]>
  /** Resolves with `false` if the name is taken. Creates the team if it is new. */
  createKey(key: KeyRecord, change: Change): Promise<boolean>
  /** Replaces a key with the same id. Resolves with `false` if there is none or its name is taken. */
  updateKey(key: KeyRecord, change: Change): Promise<boolean>
  deleteKey(id: string, change: Change): Promise<boolean>
  /** Records when keys were last used. */
  touchKeys(lastUsed: ReadonlyMap<string, number>): Promise<void>
  /** Whether the store has a key, so that requests need one. */
  hasKeys(): Promise<boolean>

  getTeam(name: string): Promise<TeamRecord | undefined>
  listTeams(): Promise<readonly TeamRecord[]>
  putTeam(team: TeamRecord, change: Change): Promise<void>

  /**
   * Reserves the worst case of a request in one atomic step, or nothing. A second reservation with the
   * same id replaces the first one; if it does not fit, the first one stays.
   */
  reserve(reservation: Reservation): Promise<ReservationResult>
  /** Settles requests in one transaction with their rows. A second settlement changes nothing. */
  settle(settlements: readonly Settlement[], now: number): Promise<void>
  /** Keeps the reservations of running requests. A reservation never expires earlier than before. */
  renew(ids: readonly string[], expiresAt: number): Promise<void>
  /** Settles expired reservations to their worst case. Resolves with their number. */
  expire(now: number): Promise<number>
  /** Reads counters, in the order of the names. */
  counters(names: readonly CounterName[], now: number): Promise<readonly CounterState[]>

  usage(query: UsageQuery): Promise<readonly UsageGroup[]>
  /** The rows of a query, oldest first. */
  rows(query: Omit<UsageQuery, 'by'>): AsyncIterable<LedgerRow>
  /** The rows of these requests, in any order. A request that is not settled has none. */
  findRows(ids: readonly string[]): Promise<readonly LedgerRow[]>
  /**
   * Deletes the rows of whole days (UTC) before the time `before`. Their sums stay in `usage` by day,
   * key, team, model and region, without person and session. `since` and `until` of a query are rounded
   * down to a day there. Counters of windows that ended before are deleted in time, too.
   * Resolves with the number of deleted rows.
   */
  deleteRows(before: number): Promise<number>

  /** Records the owners of new objects, and deletes expired records. The first owner of an id stays. */
  putObjects(objects: readonly OwnedObject[], now: number): Promise<void>
  /** The recorded objects of these ids, in any order. */
  findObjects(ids: readonly string[], now: number): Promise<readonly OwnedObject[]>
  deleteObject(id: string): Promise<void>

  listPrices(): Promise<readonly PriceOverride[]>
  setPrice(price: PriceOverride, change: Change): Promise<void>

  listRatios(): Promise<readonly TokenRatio[]>
  saveRatios(ratios: readonly TokenRatio[]): Promise<void>

  /** Rows after `sequence`, oldest first. */
  audit(options: { after: number; limit: number }): Promise<readonly AuditRow[]>

  /** Resolves with `false` if the id is taken, or the response is too large for the store. */
  putResponse(response: ResponseRecord): Promise<boolean>
  /** A response of its owner, unless it has expired. */
  getResponse(id: string, owner: string, now: number): Promise<ResponseRecord | undefined>
  /** Resolves with `false` if the owner has no such response. */
  deleteResponse(id: string, owner: string, now: number): Promise<boolean>
  /** Deletes expired responses, and the oldest ones over the limits. Resolves with their number. */
  pruneResponses(limits: ResponseLimits, now: number): Promise<number>

  /** A number that changes with each change of a key, a team or a price. */
  revision(): Promise<number>
  /** Rejects if the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}
