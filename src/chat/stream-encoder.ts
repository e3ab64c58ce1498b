import type { ApiError } from '../errors.ts'
import type { ChatEvent } from './events.ts'

/** What a face makes of one answer's events: server-sent events of its own, as text. */
export interface StreamEncoder {
  /** What tells the client that an answer begins; always the first. */
  start(): string
  /** The words for a batch of events; empty when there is nothing to say. */
  encode(events: readonly ChatEvent[]): string
  /** What ends a stream that went well. */
  end(): string
  /** What ends one that failed, wherever it was. */
  fail(error: ApiError): string
  /** Words that say nothing but that the stream lives. */
  heartbeat(): string
}
