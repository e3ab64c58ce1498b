import { createParser, type ParseError } from 'eventsource-parser'
import { ApiError } from '../errors.ts'

/** One server-sent event. */
export interface SseMessage {
  event?: string
  data: string
}

export interface SseDecoder {
  /** Returns the messages that are complete with these bytes. */
  push(bytes: Uint8Array): readonly SseMessage[]
  /** Returns the last message, if the stream ended without a blank line after it. */
  end(): readonly SseMessage[]
}

export interface SseDecoderOptions {
  /** Maximum data of one event. Counted in UTF-16 units, so never stricter than bytes. */
  maxEventBytes?: number | undefined
}

/** Default for the maximum data of one event. */
export const MAX_EVENT_BYTES = 4 * 1024 * 1024

/** Length of a field name, which the parser counts as part of an unfinished line. */
const FIELD_NAME = 'data: '.length

/**
 * Creates a decoder of server-sent events, which may be split into chunks anywhere. Events without
 * data are ignored. An event over the limit throws an `upstream_invalid_response`, after the messages
 * before it have been returned.
 */
export function createSseDecoder(options: SseDecoderOptions = {}): SseDecoder {
  const { maxEventBytes = MAX_EVENT_BYTES } = options
  // The parser removes one byte order mark; the decoder would remove another one.
  const text = new TextDecoder('utf-8', { ignoreBOM: true })
  let messages: SseMessage[] = []
  let oversized = false
  const parser = createParser({
    maxBufferSize: maxEventBytes + FIELD_NAME,
    onEvent({ event, data }) {
      oversized ||= data.length > maxEventBytes
      if (oversized || data === '') return
      messages.push(event === undefined ? { data } : { event, data })
    },
    onError({ type }: ParseError) {
      oversized ||= type === 'max-buffer-size-exceeded'
    },
  })
  const feed = (chunk: string) => {
    if (!oversized) parser.feed(chunk)
    const complete = messages
    messages = []
    if (oversized && complete.length === 0) throw tooLarge(maxEventBytes)
    return complete
  }
  return {
    push: (bytes) => feed(text.decode(bytes, { stream: true })),
    // The first newline ends the line, the second the event.
    end: () => feed(`${text.decode()}\n\n`),
  }
}

/** The error for an event over the limit. */
export function tooLarge(limit: number): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    `An event of OCI's stream is larger than ${limit} bytes`,
    { reason: 'event_too_large' },
  )
}
