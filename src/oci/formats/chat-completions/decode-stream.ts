import { asList, asObject, asText } from '../../json.ts'
import type { StreamDecodeOptions, StreamDecoder } from '../format.ts'
import { renameUsage } from '../openai/usage.ts'
import { createDecoder, type StreamDialect } from '../response/stream-decoder.ts'
import { reportsError, type StreamEvent } from '../response/stream-event.ts'
import { createChoiceStream } from './choice-stream.ts'
import type { WireChoice } from './wire.ts'

interface WireEvent {
  choices?: unknown
  usage?: unknown
  service_tier?: unknown
  error?: unknown
  message?: unknown
}

const DIALECT: StreamDialect<WireChoice> = {
  readEvent,
  indexOf: ({ index }, position) => typeof index === 'number' ? index : position,
  createChoiceStream,
}

/** Begins to read a stream of `chat.completion.chunk`s. */
export function createStreamDecoder(options: StreamDecodeOptions): StreamDecoder {
  return createDecoder(DIALECT, options)
}

function readEvent(json: unknown): StreamEvent<WireChoice> {
  const event: WireEvent = asObject(json)
  const choices = asList(event.choices).map((choice): WireChoice => asObject(choice))
  if (choices.length === 0 && reportsError(event)) return { type: 'error', json }
  const usage = event.usage ? renameUsage(event.usage) : undefined
  if (choices.length === 0 && !usage) return { type: 'unknown' }
  return { type: 'choices', choices, usage, serviceTier: asText(event.service_tier).toLowerCase() }
}
