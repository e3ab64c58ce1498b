import type { RequestRecord } from './request-record.ts'

/** The records of the last requests to paths that call models, in memory. */
export interface RecentRequests {
  /** Ignores requests to other paths. */
  add(record: RequestRecord): void
  /** The records, the newest first. */
  list(): readonly RequestRecord[]
  /** The most records that are kept. */
  readonly capacity: number
}

const MAX_REQUESTS = 200
/** Rejected keys are kept apart, so that a stranger cannot displace the requests of clients. */
const MAX_REJECTED = 20

/** Creates an empty list. */
export function createRecentRequests(capacity = MAX_REQUESTS): RecentRequests {
  const [accepted, rejected] = [new Ring(capacity), new Ring(MAX_REJECTED)]
  return {
    capacity,
    add(record) {
      if (record.api === undefined) return
      const ring = record.error === 'invalid_api_key' ? rejected : accepted
      ring.add(record)
    },
    list: () => [...accepted.records, ...rejected.records].sort((a, b) => endOf(b) - endOf(a)),
  }
}

function endOf({ startedAt, ms }: RequestRecord): number {
  return startedAt + ms
}

/** Replaces the oldest record when it is full. */
class Ring {
  readonly records: RequestRecord[] = []
  readonly #capacity: number
  #next = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  add(record: RequestRecord): void {
    this.records[this.#next] = record
    this.#next = (this.#next + 1) % this.#capacity
  }
}
