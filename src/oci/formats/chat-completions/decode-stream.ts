import { asList, asObject, asText } from '../../json.ts'
import type { StreamDecodeOptions, StreamDecoder } from '../format.ts'
import { renameUsage } from '../openai/usage.ts'
import { createChoiceStream } from '../response/choice-stream.ts'
import { createDecoder, type StreamDialect } from '../response/stream-decoder.ts'
import { reportsError, type StreamEvent } from '../response/stream-event.ts'
import { readPiece } from './read-piece.ts'
import type { WireChoice } from './wire.ts'

const DIALECT: StreamDialect<WireChoice> = {
  readEvent,
  indexOf: ({ index }, position) => typeof index === 'number' ? index : position,
  createChoiceStream: (choice, options) =>
    createChoiceStream(choice, options, (piece) => readPiece(piece, options)),
}

/** Creates the decoder of a stream of `chat.completion.chunk` objects. */
export function createStreamDecoder(options: StreamDecodeOptions): StreamDecoder {
  return createDecoder(DIALECT, options)
}

interface WireEvent {
  choices?: unknown
  usage?: unknown
  service_tier?: unknown
  error?: unknown
  message?: unknown
}

function readEvent(json: unknown): StreamEvent<WireChoice> {
  const event: WireEvent = asObject(json)
  const choices = asList(event.choices).map((choice): WireChoice => asObject(choice))
  if (choices.length === 0 && reportsError(event)) return { type: 'error', json }
  const usage = event.usage ? renameUsage(event.usage) : undefined
  if (choices.length === 0 && !usage) return { type: 'unknown' }
  return { type: 'choices', choices, usage, serviceTier: asText(event.service_tier).toLowerCase() }
}
