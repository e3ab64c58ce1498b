import { readFileSync } from 'node:fs'
import type { ChatEvent } from '../../../../src/chat/events.ts'
import { ApiError } from '../../../../src/errors.ts'
import type { StreamDecodeOptions } from '../../../../src/oci/formats/format.ts'
import { createStreamDecoder } from '../../../../src/oci/formats/generic/decode-stream.ts'
import type { SseMessage } from '../../../../src/sse/decode.ts'

/** The messages of a fixture. */
export function fixture(name: string): SseMessage[] {
  const file = new URL(`../../../fixtures/oci/generic-${name}.sse`, import.meta.url)
  const events = readFileSync(file, 'utf8').split('\n\n').filter((event) => event !== '')
  return events.map((event) => ({ data: event.replace(/^data: /, '') }))
}

/** A recorded response. */
export function reply(name: string): unknown {
  const file = new URL(`../../../fixtures/oci/generic-reply-${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** The SSE messages of event objects. */
export function messages(...events: readonly object[]): SseMessage[] {
  return events.map((event) => ({ data: JSON.stringify(event) }))
}

/** An event with a piece of the message of choice 0. */
export function piece(message: object, rest: object = {}): object {
  return { index: 0, message: { role: 'ASSISTANT', ...message }, ...rest }
}

/** All events of a stream that completes. */
export function decodeAll(stream: readonly SseMessage[]): ChatEvent[] {
  const decoder = createStreamDecoder(options())
  return [...decoder.push(stream), ...decoder.end()]
}

/** Options with sequential ids, and an error that contains its JSON. */
export function options(): StreamDecodeOptions {
  let ids = 0
  return {
    names: { decode: (name) => name },
    randomId: () => String(ids++),
    onError: (json) => new ApiError('rate_limit_exceeded', JSON.stringify(json)),
  }
}
