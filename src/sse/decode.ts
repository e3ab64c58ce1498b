import { createParser, type ParseError } from 'eventsource-parser'
import { ApiError } from '../errors.ts'

/** One server-sent event, in either direction: what it is called, if anything, and what it says. */
export interface SseMessage {
  event?: string
  data: string
}

export interface SseDecoder {
  /** The messages that these bytes complete. */
  push(bytes: Uint8Array): readonly SseMessage[]
  /** The last message, when the stream ended without the blank line after it. */
  end(): readonly SseMessage[]
}

export interface SseDecoderOptions {
  /** The most text one event may hold, counted in UTF-16 units, so never stricter than bytes. */
  maxEventBytes?: number | undefined
}

/** What one event may hold where nothing else is said. */
export const MAX_EVENT_BYTES = 4 * 1024 * 1024

/** Room for the field's name on an unfinished line, which the parser counts as part of the event. */
const FIELD_NAME = 'data: '.length

/**
 * Reads a stream of server-sent events: the same messages however the bytes were cut. An event
 * without data says nothing and is left out; one beyond the limit is an `upstream_invalid_response`,
 * thrown once the messages before it were given.
 */
export function createSseDecoder(options: SseDecoderOptions = {}): SseDecoder {
  const { maxEventBytes = MAX_EVENT_BYTES } = options
  // The parser drops the mark, once: were the decoder to do it too, two would pass.
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

/** The error of an event beyond the limit. */
export function tooLarge(limit: number): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    `Cannot read the stream: an event is larger than ${limit} bytes`,
    { reason: 'event_too_large' },
  )
}
