import { asObject, asText } from '../../json.ts'
import type { StreamDecodeOptions, StreamDecoder } from '../format.ts'
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

/** Creates the decoder of a stream in the GENERIC format. */
export function createStreamDecoder(options: StreamDecodeOptions): StreamDecoder {
  return createDecoder(DIALECT, options)
}

/** Nearly always a bare choice; the wrappers are those of complete responses. */
interface WireEvent extends WireChoice {
  chatResponse?: unknown
  choices?: unknown
  error?: unknown
}

function readEvent(json: unknown): StreamEvent<WireChoice> {
  const outer: WireEvent = asObject(json)
  const event: WireEvent = outer.chatResponse ? asObject(outer.chatResponse) : outer
  const choices = choicesOf(event)
  if (choices.length === 0 && reportsError(event)) return { type: 'error', json }
  const last = choices.at(-1)
  const usage = event.usage ?? last?.usage
  const serviceTier = asText(event.serviceTier) || asText(last?.serviceTier)
  if (choices.length === 0 && !usage && serviceTier === '') return { type: 'unknown' }
  return { type: 'choices', choices, usage, serviceTier: serviceTier.toLowerCase() }
}

function choicesOf(event: WireEvent): readonly WireChoice[] {
  if (Array.isArray(event.choices)) return event.choices.map(asObject)
  const { message, finishReason } = event
  const isChoice = (typeof message === 'object' && message) || asText(finishReason)
  return isChoice ? [event] : []
}
