import { BoundedMap } from '../bounded-map.ts'

/** The last request of one kind of client to one endpoint. It has no prompt, key or address. */
export interface Activity {
  /** The product of the `user-agent` header without its version, such as `codex_exec`. */
  agent: string
  /** The endpoint without its base, such as `chat/completions`. */
  endpoint: string
  /** The number of requests since the start of the gateway. */
  requests: number
  /** The number of them without an error. */
  succeeded: number
  /** The status of the last response. */
  status: number
  /** The error code of the last response, if it had one. */
  error: string | undefined
}

/** A request that has ended. */
export interface EndedRequest {
  userAgent: string | undefined
  path: string
  status: number
  error: string | undefined
}

/** Which kinds of clients have used the gateway since its start. */
export interface ClientActivity {
  /** Ignores paths that are not of an endpoint for conversations. */
  record(request: EndedRequest): void
  /** The activities, the most recent one last. */
  list(): readonly Activity[]
}

const MAX_ENTRIES = 64

/** Creates an activity record in memory. */
export function createClientActivity(): ClientActivity {
  const activities = new BoundedMap<Activity>({ maxEntries: MAX_ENTRIES })
  return {
    record({ userAgent, path, status, error }) {
      const endpoint = /\/(chat\/completions|responses|messages|completions)$/.exec(path)?.[1]
      if (endpoint === undefined) return
      const agent = productOf(userAgent)
      const key = `${agent} ${endpoint}`
      const activity = activities.get(key) ??
        { agent, endpoint, requests: 0, succeeded: 0, status, error }
      activity.requests++
      if (status < 400 && error === undefined) activity.succeeded++
      activity.status = status
      activity.error = error
      activities.set(key, activity)
    },
    list: () => Array.from(activities.entries(), ([, activity]) => activity),
  }
}

/** The first product of a `user-agent` header, from a client that may send anything. */
function productOf(userAgent: string | undefined): string {
  return /^[A-Za-z0-9][\w.@-]{0,39}/.exec(userAgent ?? '')?.[0] ?? 'unknown'
}
