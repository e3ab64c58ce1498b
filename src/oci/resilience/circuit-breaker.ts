import { BoundedMap } from '../../bounded-map.ts'
import { type CallOutcome, Circuit, type CircuitBreakerPolicy } from './circuit.ts'

export type { CircuitBreakerPolicy } from './circuit.ts'

/**
 * The circuit breaker: keeps calls away from an upstream that keeps failing. There are two circuits
 * for each target, that of everyone and that of each client. A failure that no content can cause (no
 * connection, a timeout, a 503, a 429) counts in both. One that the content of a request may cause
 * (a 500, a broken stream) counts fully for its own client only, so that no client alone keeps the
 * others out.
 */
export interface CircuitBreaker {
  /** Asks whether a client may call a target now. Clients without an identity share one. */
  acquire(target: string, client?: string): CircuitDecision
}

export type CircuitDecision =
  | { type: 'circuit-open'; milliseconds: number; rateLimited: boolean }
  | { type: 'admitted'; call: TrackedCall }

/** A call under way, of which exactly one outcome is counted. Dropping it leaks nothing. */
export interface TrackedCall {
  /** The upstream has begun to answer: a half-open circuit closes, before the outcome is known. */
  begin(): void
  /** Counts the outcome; further ones are ignored. */
  record(outcome: CallOutcome): void
}

export const DEFAULT_CIRCUIT_BREAKER: CircuitBreakerPolicy = {
  minimumRequests: 10,
  failureRatio: 0.5,
  openDuration: 15_000,
}

const MAX_TARGETS = 1_000
const MAX_CLIENT_CIRCUITS = 10_000

/** Makes a breaker without failures; `now` is in milliseconds, `random` in [0, 1). */
export function createCircuitBreaker(
  policy: CircuitBreakerPolicy,
  now: () => number,
  random: () => number = Math.random,
): CircuitBreaker {
  const shared = new BoundedMap<Circuit>({ maxEntries: MAX_TARGETS })
  const own = new BoundedMap<Circuit>({ maxEntries: MAX_CLIENT_CIRCUITS })
  const create = () => new Circuit(policy, now(), random)
  return {
    acquire(target, client = '') {
      if (policy.minimumRequests === 0) return { type: 'admitted', call: UNTRACKED }
      const slots = [
        { circuits: shared, key: target, isShared: true },
        { circuits: own, key: `${target}\n${client}`, isShared: false },
      ].map((slot) => enter(slot, now()))
      const open = slots.flatMap(({ state }) => state.type === 'open' ? state : [])
        .sort((one, other) => other.milliseconds - one.milliseconds)[0]
      if (open) return { ...open, type: 'circuit-open' }
      for (const { circuit, state } of slots) {
        if (state.type === 'half-open') circuit?.beginTest(now())
      }
      return { type: 'admitted', call: trackCall(slots, client, { create, now }) }
    },
  }
}

const UNTRACKED: TrackedCall = { begin: () => {}, record: () => {} }

/** One of the two circuits of a call. */
interface Slot {
  circuits: BoundedMap<Circuit>
  key: string
  isShared: boolean
}

interface EnteredSlot extends Slot {
  circuit: Circuit | undefined
  state: ReturnType<Circuit['stateAt']>
}

function enter(slot: Slot, now: number): EnteredSlot {
  const circuit = slot.circuits.get(slot.key)
  return { ...slot, circuit, state: circuit?.stateAt(now) ?? { type: 'closed' } }
}

function trackCall(
  slots: readonly EnteredSlot[],
  client: string,
  { create, now }: { create: () => Circuit; now: () => number },
): TrackedCall {
  let hasBegun = false
  let isRecorded = false
  return {
    begin() {
      if (isRecorded || hasBegun) return
      hasBegun = true
      for (const { circuit, state } of slots) if (state.type === 'half-open') circuit?.close()
    },
    record(outcome) {
      if (isRecorded) return
      isRecorded = true
      const isCounted = outcome.type === 'succeeded' || outcome.type === 'failed'
      for (const { circuits, key, isShared, state } of slots) {
        // Refusals make no entry: made-up model names would evict those of real ones.
        const circuit = circuits.get(key) ?? (isCounted ? create() : undefined)
        if (!circuit) continue
        if (isCounted) circuits.set(key, circuit)
        const isContent = outcome.type === 'failed' && outcome.mayBeContent && isShared
        circuit.record(isContent ? { ...outcome, retryAfter: undefined } : outcome, {
          // What has closed a circuit at its beginning opens it again only by failing.
          isTest: state.type === 'half-open' && (!hasBegun || outcome.type === 'failed'),
          client: isContent ? client : undefined,
          now: now(),
        })
      }
    },
  }
}
