import { BoundedMap } from '../../bounded-map.ts'
import type { CircuitStatus } from '../../telemetry/gateway-facts.ts'
import { type CallOutcome, Circuit, type CircuitBreakerPolicy } from './circuit.ts'

export type { CircuitBreakerPolicy } from './circuit.ts'

/**
 * The circuit breaker: stops calls to an upstream that keeps failing. Each target has a shared circuit
 * and one for each client. A failure that is independent of the request's content (no connection, a
 * timeout, a 503, a 429) counts in both. A failure that the content may cause (a 500, a broken
 * stream) counts fully only in the client's circuit, so that one client cannot block the others.
 */
export interface CircuitBreaker {
  /** Decides whether a client may call a target now. Clients without an identity share one circuit. */
  acquire(target: string, client?: string): CircuitDecision
  /** The shared circuits: those of targets that were called, by region and model. */
  list(): readonly CircuitStatus[]
}

export type CircuitDecision =
  | { type: 'circuit-open'; milliseconds: number; rateLimited: boolean }
  | { type: 'admitted'; call: TrackedCall }

/** A running call, for which one outcome is counted. It holds no resources. */
export interface TrackedCall {
  /** Called when the upstream starts to answer. Closes a half-open circuit before the outcome. */
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

/**
 * Creates a circuit breaker without recorded failures, whose policy may change; `now` is in
 * milliseconds, `random` in [0, 1).
 */
export function createCircuitBreaker(
  policy: Readonly<CircuitBreakerPolicy>,
  now: () => number,
  random: () => number = Math.random,
): CircuitBreaker {
  const shared = new BoundedMap<Circuit>({ maxEntries: MAX_TARGETS })
  const own = new BoundedMap<Circuit>({ maxEntries: MAX_CLIENT_CIRCUITS })
  const create = () => new Circuit(policy, now(), random)
  return {
    list: () =>
      Array.from(shared.entries(), ([target, circuit]) => statusOf(target, circuit, now())),
    acquire(target, client = '') {
      if (policy.minimumRequests === 0) return { type: 'admitted', call: UNTRACKED }
      const at = now()
      const slots = [
        enter(shared, target, true, at),
        enter(own, `${target}\n${client}`, false, at),
      ]
      const open = longestOpen(slots)
      if (open) return { ...open, type: 'circuit-open' }
      for (const { circuit, state } of slots) {
        if (state.type === 'half-open') circuit?.beginTest(at)
      }
      return { type: 'admitted', call: trackCall(slots, client, { create, now }) }
    },
  }
}

function statusOf(target: string, circuit: Circuit, now: number): CircuitStatus {
  const [region = '', model = ''] = target.split(' ')
  const state = circuit.stateAt(now)
  return {
    ...{ region, model, state: state.type, ...circuit.counts(now) },
    openFor: state.type === 'open' ? state.milliseconds : 0,
    rateLimited: state.type === 'open' && state.rateLimited,
  }
}

const UNTRACKED: TrackedCall = { begin: () => {}, record: () => {} }

/** One of the two circuits of a call. */
interface EnteredSlot {
  circuits: BoundedMap<Circuit>
  key: string
  isShared: boolean
  circuit: Circuit | undefined
  state: CircuitState
}

type CircuitState = ReturnType<Circuit['stateAt']>

const CLOSED: CircuitState = { type: 'closed' }

function enter(
  circuits: BoundedMap<Circuit>,
  key: string,
  isShared: boolean,
  now: number,
): EnteredSlot {
  const circuit = circuits.get(key)
  return { circuits, key, isShared, circuit, state: circuit?.stateAt(now) ?? CLOSED }
}

function longestOpen(slots: readonly EnteredSlot[]): CircuitState & { type: 'open' } | undefined {
  let longest: CircuitState & { type: 'open' } | undefined
  for (const { state } of slots) {
    if (state.type !== 'open') continue
    if (!longest || state.milliseconds > longest.milliseconds) longest = state
  }
  return longest
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
        // Rejections create no entry: invented model names would evict those of real models.
        const circuit = circuits.get(key) ?? (isCounted ? create() : undefined)
        if (!circuit) continue
        if (isCounted) circuits.set(key, circuit)
        const isContent = outcome.type === 'failed' && outcome.mayBeContent && isShared
        circuit.record(isContent ? { ...outcome, retryAfter: undefined } : outcome, {
          // A call that closed the circuit when it began opens it again only by failing.
          isTest: state.type === 'half-open' && (!hasBegun || outcome.type === 'failed'),
          client: isContent ? client : undefined,
          now: now(),
        })
      }
    },
  }
}
