import fc from 'fast-check'

/** One thing that happens in a history of requests. Requests are counted from 0. */
export type HistoryEvent =
  /** Requests that arrive together. */
  | { type: 'arrive'; requests: readonly Arrival[] }
  /** The request ends and used a share of what was reserved. `twice` settles it again. */
  | { type: 'settle'; request: number; share: number; ending: Ending; twice: boolean }
  /** A fallback to another model needs `factor` times as much. */
  | { type: 'extend'; request: number; factor: number }
  /** The process of a request ends without settling it. */
  | { type: 'crash'; request: number }
  | { type: 'renew'; request: number }
  | { type: 'expire' }
  /** Time passes. */
  | { type: 'wait'; ms: number }
  /** The clock is set back. */
  | { type: 'set back'; ms: number }

/** How a request ends. `refused`: OCI refused it. `no usage`: OCI reported no token counts. */
export type Ending = 'complete' | 'cut' | 'aborted' | 'refused' | 'no usage'

export interface Arrival {
  /** One of two keys. */
  key: 0 | 1
  promptTokens: number
  wanted: number
  minimum: number
  /** Nano-dollars for a token. */
  price: number
}

/** The limits of each key and of the team of both. */
export interface HistoryLimits {
  requestsPerMinute: number
  tokensPerMinute: number
  concurrency: number
  tokens: number
  cost: number
}

export interface History {
  key: HistoryLimits
  team: HistoryLimits
  events: readonly HistoryEvent[]
}

const arrival: fc.Arbitrary<Arrival> = fc.record({
  key: fc.constantFrom(0, 1),
  promptTokens: fc.integer({ min: 0, max: 300 }),
  wanted: fc.integer({ min: 0, max: 400 }),
  minimum: fc.integer({ min: 0, max: 400 }),
  price: fc.constantFrom(0, 1, 3, 2.5, 15_000, 1_000_000_007),
}).map((one) => ({ ...one, minimum: Math.min(one.minimum, one.wanted) }))

const request = fc.integer({ min: 0, max: 12 })

const event: fc.Arbitrary<HistoryEvent> = fc.oneof(
  { weight: 6, arbitrary: arrive() },
  { weight: 6, arbitrary: settle() },
  fc.record({
    type: fc.constant('extend'),
    request,
    factor: fc.constantFrom(0, 0.5, 1, 2, 10),
  }),
  fc.record({ type: fc.constant('crash'), request }),
  fc.record({ type: fc.constant('renew'), request }),
  fc.constant({ type: 'expire' }),
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('wait'), ms: fc.integer({ min: 0, max: 90_000 }) }),
  },
  fc.record({
    type: fc.constant('set back'),
    ms: fc.oneof(fc.integer({ min: 1, max: 90_000 }), fc.integer({ min: 1, max: 40 * 86_400_000 })),
  }),
)

function arrive(): fc.Arbitrary<HistoryEvent> {
  const requests = fc.array(arrival, { minLength: 1, maxLength: 4 })
  return fc.record({ type: fc.constant('arrive'), requests })
}

function settle(): fc.Arbitrary<HistoryEvent> {
  return fc.record({
    type: fc.constant('settle'),
    request,
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    ending: fc.constantFrom('complete', 'cut', 'aborted', 'refused', 'no usage'),
    twice: fc.boolean(),
  })
}

const limits: fc.Arbitrary<HistoryLimits> = fc.record({
  requestsPerMinute: fc.integer({ min: 1, max: 6 }),
  tokensPerMinute: fc.integer({ min: 1, max: 2000 }),
  concurrency: fc.integer({ min: 1, max: 5 }),
  tokens: fc.integer({ min: 1, max: 5000 }),
  cost: fc.constantFrom(1, 500, 40_000_000, 3_000_000_000_000, Number.MAX_SAFE_INTEGER),
})

/** Histories of requests of two keys of one team. */
export const histories: fc.Arbitrary<History> = fc.record({
  key: limits,
  team: limits,
  events: fc.array(event, { minLength: 1, maxLength: 30 }),
})
