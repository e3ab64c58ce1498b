import {
  chargeCounter,
  type CounterChange,
  counterKey,
  type CounterValue,
  decide,
  type HeldReservation,
  readCounter,
  settledChanges,
} from '../reserve.ts'
import type {
  CounterName,
  CounterState,
  Reservation,
  ReservationResult,
  Settlement,
} from '../store.ts'
import { insertRows, lockSettlements } from './ledger.ts'
import { foldIfMany } from './roll-ups.ts'
import { chunks, type Dialect, placeholders, query, type SqlRow, type Steps } from './statement.ts'

/** Reservations that one transaction expires. */
const EXPIRED_AT_ONCE = 200

/** Reserves the worst case of a request. Locks the reservation first, then counters by name. */
export function* reserve(reservation: Reservation, dialect: Dialect): Steps<ReservationResult> {
  const { id, expiresAt, demands } = reservation
  const { stored, previous } = dialect.name === 'sqlite'
    ? yield* readBoth(id, demands.map(counterKey), dialect)
    : yield* lockBoth(id, demands.map(counterKey), dialect)
  const decision = decide(reservation, stored, previous)
  if (decision.type === 'rejected') return decision
  yield* writeCounters(decision.values)
  const { held: { parts, row }, type, output, states } = decision
  yield* query(
    `INSERT INTO reservations (id, expires_at, parts, ledger_row) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE
    SET expires_at = excluded.expires_at, parts = excluded.parts, ledger_row = excluded.ledger_row`,
    ...[id, expiresAt, JSON.stringify(parts), JSON.stringify(row)],
  )
  return { type, output, states }
}

/** What a reservation is decided on. */
interface Found {
  stored: ReadonlyMap<string, CounterValue>
  /** The reservation that is replaced, if there is one. */
  previous: Pick<HeldReservation, 'parts'> | undefined
}

/** Locks the reservation and then the counters. */
function* lockBoth(id: string, names: readonly string[], dialect: Dialect): Steps<Found> {
  const [previous] = yield* findReservations([id], dialect)
  const all = [...names, ...partNames(previous)]
  return { stored: yield* lockCounters(all, dialect), previous }
}

/** Reads the counters and the reservation, which rarely exists, in one statement. */
function* readBoth(id: string, names: readonly string[], dialect: Dialect): Steps<Found> {
  const rows = yield* query(
    `SELECT name, spent, reserved, period, ends_at, NULL AS parts FROM counters
    WHERE name IN (${placeholders(names.length)})
    UNION ALL SELECT NULL, 0, 0, 0, NULL, parts FROM reservations WHERE id = ?`,
    ...[...names, id],
  )
  const held = rows.find(({ parts }) => parts !== null)
  const stored = readCounters(rows.filter((row) => row !== held))
  if (held === undefined) return { stored, previous: undefined }
  const previous = { parts: JSON.parse(String(held['parts'])) }
  const others = partNames(previous).filter((name) => !stored.has(name))
  return { stored: new Map([...stored, ...yield* lockCounters(others, dialect)]), previous }
}

function partNames(held: Pick<HeldReservation, 'parts'> | undefined): string[] {
  return held?.parts.map(({ key }) => key) ?? []
}

function* findReservations(
  ids: readonly string[],
  { name }: Dialect,
): Steps<HeldReservation[]> {
  const lock = name === 'postgres' ? ' ORDER BY id FOR UPDATE' : ''
  const rows = yield* query(
    `SELECT * FROM reservations WHERE id IN (${placeholders(ids.length)})${lock}`,
    ...ids,
  )
  return rows.map(readReservation)
}

function readReservation(row: SqlRow): HeldReservation {
  return {
    id: String(row['id']),
    expiresAt: Number(row['expires_at']),
    parts: JSON.parse(String(row['parts'])),
    row: JSON.parse(String(row['ledger_row'])),
  }
}

/** Reads counters and, in Postgres, locks them in the order of their names. */
function* lockCounters(
  names: readonly string[],
  { name: dialect }: Dialect,
): Steps<Map<string, CounterValue>> {
  const sorted = [...new Set(names)].sort()
  if (sorted.length === 0) return new Map()
  const list = placeholders(sorted.length)
  if (dialect === 'sqlite') {
    return readCounters(yield* query(`SELECT * FROM counters WHERE name IN (${list})`, ...sorted))
  }
  const select = `SELECT * FROM counters WHERE name IN (${list})
    ORDER BY name COLLATE "C" FOR UPDATE`
  const rows = yield* query(select, ...sorted)
  if (rows.length === sorted.length) return readCounters(rows)
  // A row that does not exist cannot be locked.
  yield* query(
    `INSERT INTO counters (name, spent, reserved, period)
    VALUES ${sorted.map(() => '(?, 0, 0, 0)').join()} ON CONFLICT (name) DO NOTHING`,
    ...sorted,
  )
  return readCounters(yield* query(select, ...sorted))
}

function readCounters(rows: readonly SqlRow[]): Map<string, CounterValue> {
  return new Map(rows.map((row) => {
    const endsAt = row['ends_at'] ?? undefined
    const value = {
      spent: Number(row['spent']),
      reserved: Number(row['reserved']),
      window: Number(row['period']),
      endsAt: endsAt === undefined ? undefined : Number(endsAt),
    }
    return [String(row['name']), value]
  }))
}

function* writeCounters(values: ReadonlyMap<string, CounterValue>): Steps<void> {
  for (const some of chunks([...values], 10)) {
    yield* query(
      `INSERT INTO counters (name, spent, reserved, period, ends_at)
      VALUES ${some.map(() => '(?, ?, ?, ?, ?)').join()} ON CONFLICT (name) DO UPDATE
      SET spent = excluded.spent, reserved = excluded.reserved, period = excluded.period,
      ends_at = excluded.ends_at`,
      ...some.flatMap(([name, { spent, reserved, window, endsAt }]) => {
        return [name, spent, reserved, window, endsAt ?? null]
      }),
    )
  }
}

/** Settles requests: writes their rows, and changes the counters of those that are new. */
export function* settle(
  settlements: readonly Settlement[],
  now: number,
  dialect: Dialect,
): Steps<void> {
  yield* lockSettlements(dialect)
  const byId = Map.groupBy(settlements, ({ id }) => id)
  yield* settleEach([...byId.values()].flatMap(([first]) => first ?? []), now, dialect)
  yield* foldIfMany()
}

function* settleEach(
  settlements: readonly Settlement[],
  now: number,
  dialect: Dialect,
): Steps<void> {
  for (const some of chunks(settlements)) {
    const isNew = yield* insertRows(some.map(({ id, row }) => ({ ...row, id })), dialect)
    const ended = yield* query(
      `DELETE FROM reservations WHERE id IN (${placeholders(some.length)}) RETURNING *`,
      ...some.map(({ id }) => id),
    )
    const held = new Map(ended.map(readReservation).map((one) => [one.id, one]))
    yield* changeCounters(some.flatMap(({ id, row }) => {
      const reservation = held.get(id)
      return reservation ? settledChanges(reservation, isNew.has(id) ? row : undefined) : []
    }))
    const unreserved = some.filter(({ id }) => isNew.has(id) && !held.has(id))
    for (const { row, charge = [] } of unreserved) yield* charged(charge, row, now, dialect)
  }
}

function* changeCounters(changes: readonly CounterChange[]): Steps<void> {
  const sums = new Map<string, CounterChange>()
  for (const change of changes) {
    const name = JSON.stringify([change.key, change.window])
    const { spent = 0, reserved = 0 } = sums.get(name) ?? {}
    sums.set(name, {
      ...change,
      spent: spent + change.spent,
      reserved: reserved + change.reserved,
    })
  }
  const sorted = [...sums.values()].sort((a, b) => a.key < b.key ? -1 : 1)
  for (const { key, window, spent, reserved } of sorted) {
    yield* query(
      `UPDATE counters SET spent = spent + ?, reserved = reserved + ?
      WHERE name = ? AND period = ?`,
      ...[spent, reserved, key, window],
    )
  }
}

function* charged(
  names: readonly CounterName[],
  row: Settlement['row'],
  now: number,
  dialect: Dialect,
): Steps<void> {
  const stored = yield* lockCounters(names.map(counterKey), dialect)
  yield* writeCounters(
    new Map(names.map((name) => {
      const key = counterKey(name)
      return [key, chargeCounter(name, stored.get(key), row, now)]
    })),
  )
}

/** Keeps reservations until `expiresAt`. */
export function* renew(ids: readonly string[], expiresAt: number): Steps<void> {
  for (const some of chunks(ids)) {
    yield* query(
      `UPDATE reservations SET expires_at = ?
      WHERE expires_at < ? AND id IN (${placeholders(some.length)})`,
      ...[expiresAt, expiresAt, ...some],
    )
  }
}

/** Settles some expired reservations to their worst case. Returns their number. */
export function* expireSome(now: number, dialect: Dialect): Steps<number> {
  const lock = dialect.name === 'postgres' ? ' FOR UPDATE' : ''
  yield* lockSettlements(dialect)
  const rows = yield* query(
    `SELECT * FROM reservations WHERE expires_at <= ?
    ORDER BY expires_at LIMIT ${EXPIRED_AT_ONCE}${lock}`,
    now,
  )
  const expired = rows.map(readReservation)
  yield* settleEach(expired, now, dialect)
  yield* foldIfMany()
  return expired.length
}

/** Reads counters in the order of `names`. */
export function* counters(names: readonly CounterName[], now: number): Steps<CounterState[]> {
  const values = new Map<string, CounterValue>()
  for (const some of chunks(names.map(counterKey))) {
    const list = placeholders(some.length)
    const rows = yield* query(`SELECT * FROM counters WHERE name IN (${list})`, ...some)
    for (const [name, value] of readCounters(rows)) values.set(name, value)
  }
  return names.map((name) => readCounter(name, values.get(counterKey(name)), now))
}
