import type { ApiError } from '../errors.ts'
import type { ChatEvent } from './events.ts'

/** Encodes the events of one reply as the server-sent events of a client API, as text. */
export interface StreamEncoder {
  /** The events that open the stream. Called first. */
  start(): string
  /** The text of a batch of events; empty when the client API has no event for them. */
  encode(events: readonly ChatEvent[]): string
  /** The events that end a successful stream. */
  end(): string
  /** The events that end a failed stream, at any point. */
  fail(error: ApiError): string
  /** An event without content that keeps the connection open. */
  heartbeat(): string
}
