/** Bytes of request bodies that one request holds. */
export interface BodyReservation {
  /** Adds `bytes` to what is held; `false`, and nothing is added, when the budget is used up. */
  add(bytes: number): boolean
  /** Gives all of it back; releasing twice has no effect. */
  release(): void
}

/** Limits the bytes of all request bodies that are held at once, in all and for each client. */
export interface BodyBudget {
  /** A reservation of nothing. */
  reserve(client: string): BodyReservation
  /** Bytes that are held now. */
  readonly active: number
  readonly max: number
}

export interface BodyBudgetLimits {
  /** Bytes; `Infinity` counts nothing. */
  max: number
  /** Bytes that one client may hold. */
  maxPerClient: number
}

/** Creates a budget of which nothing is used. */
export function createBodyBudget({ max, maxPerClient }: BodyBudgetLimits): BodyBudget {
  // As many entries as reservations with bytes: a client that holds none has no entry.
  const held = new Map<string, number>()
  let active = 0
  return {
    get active() {
      return active
    },
    max,
    reserve(client) {
      let own = 0
      return {
        add(bytes) {
          if (max === Infinity) return true
          const ofClient = held.get(client) ?? 0
          if (active + bytes > max || ofClient + bytes > maxPerClient) return false
          active += bytes
          own += bytes
          held.set(client, ofClient + bytes)
          return true
        },
        release() {
          if (own === 0) return
          const rest = (held.get(client) ?? 0) - own
          if (rest > 0) held.set(client, rest)
          else held.delete(client)
          active -= own
          own = 0
        },
      }
    },
  }
}
