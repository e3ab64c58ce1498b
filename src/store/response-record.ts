/** A response of the Responses API that the gateway stores. */
export interface ResponseRecord {
  id: string
  /** Only the owner reads and deletes it. */
  owner: string
  /** The response and its conversation as JSON. */
  content: string
  /** Milliseconds since the epoch. */
  createdAt: number
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** The most that a store keeps of responses. */
export interface ResponseLimits {
  maxItems: number
  /** Bytes of all of them, at two for each UTF-16 unit. */
  maxBytes: number
}

/** Bytes that a response counts: at most two for each UTF-16 unit. */
export function responseSize(content: string): number {
  return content.length * 2
}
