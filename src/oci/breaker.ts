/** Keeps calls away from what fails again and again, so that clients hear so at once. */
export interface Breaker {
  /** Whether a target may be called; where it is open, one call after the wait finds out. */
  admit(target: string): Admission
  /** How an admitted call ended. */
  note(target: string, outcome: CallOutcome): void
  /** What is open now, for people to look at. */
  open(): readonly string[]
}

export type Admission =
  | { type: 'open-for'; milliseconds: number; busy: boolean }
  | { type: 'admitted' }

export type CallOutcome =
  /** A refusal is a sign of life; of a call that was given up nothing is known. */
  | { type: 'succeeded' | 'refused' | 'given-up' }
  /** `retryAfter` is in milliseconds, where the target named a wait. */
  | { type: 'failed'; retryAfter: number | undefined }

export interface BreakerPolicy {
  /** Calls in a minute below which nothing is concluded; 0 is never to open. */
  calls: number
  /** The part of them that failed from which on it opens. */
  share: number
  /** Milliseconds it stays open; up to a fifth more at random. */
  rest: number
}

export const DEFAULT_BREAKER: BreakerPolicy = { calls: 10, share: 0.5, rest: 15_000 }

/** Two halves of a minute: the older one is forgotten as a whole. */
const HALF = 30_000
/** What a target asks for at most: a wait of days would be a mistake of its own. */
const LONGEST_REST = 60_000
/** Timers may go off some milliseconds before their time. */
const EARLY = 50
/** How many targets are remembered; the ones longest unused go first. */
const MOST_TARGETS = 1_000

interface Tally {
  calls: number
  failures: number
}

interface Circuit {
  current: Tally
  previous: Tally
  /** When the current half began. */
  began: number
  openUntil: number
  /** Whether it opened because the target asked for a wait. */
  busy: boolean
  /** Until when the one call that finds out is waited for. */
  probingUntil: number
}

/** Makes a breaker that knows of no failure; `now` is in milliseconds, `random` in [0, 1). */
export function createBreaker(
  policy: BreakerPolicy,
  now: () => number,
  random: () => number = Math.random,
): Breaker {
  const circuits = new Map<string, Circuit>()
  return {
    admit(target) {
      const circuit = circuits.get(target)
      if (!circuit || circuit.openUntil === 0) return { type: 'admitted' }
      const wait = Math.max(circuit.openUntil, circuit.probingUntil) - now()
      if (wait > EARLY) return { type: 'open-for', milliseconds: wait, busy: circuit.busy }
      if (!circuit.busy) circuit.probingUntil = now() + policy.rest
      return { type: 'admitted' }
    },
    note(target, outcome) {
      if (policy.calls === 0) return
      const circuit = turn(circuits.get(target) ?? createCircuit(now()), now())
      circuits.delete(target)
      circuits.set(target, circuit)
      for (const oldest of circuits.keys()) {
        if (circuits.size <= MOST_TARGETS) break
        circuits.delete(oldest)
      }
      conclude(circuit, outcome, policy, now(), random)
    },
    open: () =>
      [...circuits].filter(([, { openUntil }]) => openUntil > now()).map(([name]) => name),
  }
}

function createCircuit(now: number): Circuit {
  return {
    current: { calls: 0, failures: 0 },
    previous: { calls: 0, failures: 0 },
    began: now,
    openUntil: 0,
    busy: false,
    probingUntil: 0,
  }
}

function turn(circuit: Circuit, now: number): Circuit {
  const halves = Math.floor((now - circuit.began) / HALF)
  if (halves < 1) return circuit
  const none = { calls: 0, failures: 0 }
  return {
    ...circuit,
    began: circuit.began + halves * HALF,
    previous: halves === 1 ? circuit.current : { ...none },
    current: { ...none },
  }
}

function conclude(
  circuit: Circuit,
  outcome: CallOutcome,
  { calls, share, rest }: BreakerPolicy,
  now: number,
  random: () => number,
): void {
  const { current, previous } = circuit
  const wasOpen = circuit.openUntil !== 0
  circuit.probingUntil = 0
  if (outcome.type === 'given-up') return
  if (outcome.type !== 'failed') {
    if (outcome.type === 'succeeded') current.calls++
    if (wasOpen) {
      Object.assign(circuit, { ...createCircuit(now), current: { calls: 1, failures: 0 } })
    }
    return
  }
  current.calls++
  current.failures++
  const made = current.calls + previous.calls
  const isBroken = made >= calls && (current.failures + previous.failures) >= made * share
  const { retryAfter } = outcome
  if (retryAfter === undefined && !isBroken && !wasOpen) return
  const wait = retryAfter ?? rest * (1 + random() / 5)
  circuit.openUntil = Math.max(circuit.openUntil, now + Math.min(wait, LONGEST_REST))
  circuit.busy = retryAfter !== undefined
}
