/** Body bytes that one request holds. */
export interface BodyReservation {
  /**
   * Reserves more bytes. Returns `false` if they exceed the budget. All bytes of the reservation are
   * then released at once, because its request is rejected: otherwise further requests that grow at
   * the same time would be rejected, although together they fit.
   */
  add(bytes: number): boolean
  /** Releases all bytes. A second release has no effect. */
  release(): void
}

/** Limits the request bodies in memory, in bytes: of all clients together and of each client. */
export interface BodyBudget {
  /** Creates an empty reservation. */
  reserve(client: string): BodyReservation
  /** Bytes that are reserved now. */
  readonly active: number
  readonly max: number
}

/** They may change while requests run: a lower maximum applies to further bytes. */
export interface BodyBudgetLimits {
  /** Bytes; `Infinity` disables the budget. */
  max: number
  /** Bytes that one client may reserve. */
  maxPerClient: number
}

/** Creates an unused budget. It reads `limits` for each body. */
export function createBodyBudget(limits: Readonly<BodyBudgetLimits>): BodyBudget {
  // At most as many entries as reservations with bytes.
  const heldByClient = new Map<string, number>()
  let active = 0
  return {
    get active() {
      return active
    },
    get max() {
      return limits.max
    },
    reserve(client) {
      let own = 0
      const release = () => {
        if (own === 0) return
        const rest = (heldByClient.get(client) ?? 0) - own
        if (rest > 0) heldByClient.set(client, rest)
        else heldByClient.delete(client)
        active -= own
        own = 0
      }
      return {
        release,
        add(bytes) {
          if (limits.max === Infinity) return true
          const held = heldByClient.get(client) ?? 0
          if (active + bytes > limits.max || held + bytes > limits.maxPerClient) {
            release()
            return false
          }
          active += bytes
          own += bytes
          heldByClient.set(client, held + bytes)
          return true
        },
      }
    },
  }
}
