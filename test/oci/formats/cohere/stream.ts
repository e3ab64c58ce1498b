import { readFileSync } from 'node:fs'
import { createCollector } from '../../../chat/collect.ts'
import type { ChatEvent } from '../../../../src/chat/events.ts'
import type { ChatReply } from '../../../../src/chat/model.ts'
import type { ChatFormat, StreamDecodeOptions } from '../../../../src/oci/formats/format.ts'
import type { SseMessage } from '../../../../src/sse/decode.ts'
import { options } from '../generic/stream.ts'

/** The messages of a fixture: `cohere-text`. */
export function fixture(name: string): SseMessage[] {
  const file = new URL(`../../../fixtures/oci/${name}.sse`, import.meta.url)
  const events = readFileSync(file, 'utf8').split('\n\n').filter((event) => event !== '')
  return events.map((event) => ({ data: event.replace(/^data: /, '') }))
}

/** All events of a stream that completes. */
export function decodeAll(format: ChatFormat, stream: readonly SseMessage[]): ChatEvent[] {
  return decodeBatches(format, [stream])
}

/** All events of a stream in these batches. */
export function decodeBatches(
  format: ChatFormat,
  batches: readonly (readonly SseMessage[])[],
): ChatEvent[] {
  const decoder = format.createStreamDecoder(constant())
  return [...batches.flatMap((batch) => decoder.push(batch)), ...decoder.end()]
}

/** Options with generated ids that do not depend on their order. */
export function constant(): StreamDecodeOptions {
  return { ...options(), randomId: () => 'X' }
}

export function fold(events: readonly ChatEvent[]): ChatReply {
  const collector = createCollector()
  events.forEach((event) => collector.add(event))
  return collector.reply()
}

/** Splits the list at these positions. */
export function slices<T>(list: readonly T[], at: readonly number[]): T[][] {
  const places = [0, ...at.toSorted((a, b) => a - b), list.length]
  return places.slice(1).map((end, index) => list.slice(places[index], end))
}

/** Events of choice 0. */
export function textEvents(...pieces: string[]): ChatEvent[] {
  return pieces.map((text) => ({ type: 'text-delta', choice: 0, text }))
}

export function reasoningEvents(...pieces: string[]): ChatEvent[] {
  return pieces.map((text) => ({ type: 'reasoning-delta', choice: 0, text }))
}

export function called(index: number, id: string, name: string, ...args: string[]): ChatEvent[] {
  return [
    { type: 'tool-call-start', choice: 0, index, id, name },
    ...args.map((json) => ({
      type: 'tool-call-delta' as const,
      choice: 0,
      index,
      arguments: json,
    })),
  ]
}

export function finished(
  reason: Extract<ChatEvent, { type: 'finish' }>['reason'] = 'stop',
): ChatEvent {
  return { type: 'finish', choice: 0, reason }
}
