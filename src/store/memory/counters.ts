import {
  chargeCounter,
  counterKey,
  decide,
  type HeldReservation,
  readCounter,
  settledChanges,
} from '../reserve.ts'
import type { Immediate } from '../promised.ts'
import type { Settlement } from '../store.ts'
import type { MemoryState } from './state.ts'

type CounterMethods = Immediate<'reserve' | 'settle' | 'renew' | 'expire' | 'counters'>

/** The counters and reservations of a store in memory. */
export function createMemoryCounters(state: MemoryState): CounterMethods {
  const { counters, held } = state
  return {
    reserve(reservation) {
      const decision = decide(reservation, counters, held.get(reservation.id))
      if (decision.type === 'rejected') return decision
      for (const [key, value] of decision.values) counters.set(key, value)
      held.set(reservation.id, decision.held)
      const { type, output, states } = decision
      return { type, output, states }
    },
    settle(settlements, now) {
      for (const settlement of settlements) settleOne(state, settlement, now)
    },
    renew(ids, expiresAt) {
      for (const id of ids) {
        const found = held.get(id)
        if (found && found.expiresAt < expiresAt) held.set(id, { ...found, expiresAt })
      }
    },
    expire(now) {
      const expired = held.values().filter(({ expiresAt }) => expiresAt <= now).toArray()
      for (const { id, row } of expired) settleOne(state, { id, row }, now)
      return expired.length
    },
    counters(names, now) {
      return names.map((name) => readCounter(name, counters.get(counterKey(name)), now))
    },
  }
}

function settleOne(state: MemoryState, { id, row, charge = [] }: Settlement, now: number): void {
  const { counters, held, ledger } = state
  const isNew = !ledger.has(id)
  const reservation = held.get(id)
  if (reservation) free(state, reservation, isNew ? row : undefined)
  if (!isNew) return
  ledger.set(id, { ...row, id })
  if (reservation) return
  for (const name of charge) {
    const key = counterKey(name)
    counters.set(key, chargeCounter(name, counters.get(key), row, now))
  }
}

function free(
  { counters, held }: MemoryState,
  reservation: HeldReservation,
  row: Settlement['row'] | undefined,
): void {
  for (const { key, window, spent, reserved } of settledChanges(reservation, row)) {
    const value = counters.get(key)
    if (value?.window !== window) continue
    counters.set(key, { ...value, spent: value.spent + spent, reserved: value.reserved + reserved })
  }
  held.delete(reservation.id)
}
