import { asObject, asText } from '../../json.ts'
import type { StreamDecodeOptions, StreamDecoder } from '../format.ts'
import { createDecoder, type StreamDialect } from '../response/stream-decoder.ts'
import { reportsError, type StreamEvent } from '../response/stream-event.ts'
import { createChoiceStream } from './choice-stream.ts'
import type { WireReply } from './wire.ts'

const DIALECT: StreamDialect<WireReply> = { readEvent, indexOf: () => 0, createChoiceStream }

/** Begins to read a stream in the COHEREV2 format: pieces of the one answer's message. */
export function createStreamDecoder(options: StreamDecodeOptions): StreamDecoder {
  return createDecoder(DIALECT, options)
}

/** An event may come wrapped as a whole answer is. */
interface WireEvent extends WireReply {
  chatResponse?: unknown
}

function readEvent(json: unknown): StreamEvent<WireReply> {
  const outer: WireEvent = asObject(json)
  const piece: WireReply = outer.chatResponse ? asObject(outer.chatResponse) : outer
  const { message, finishReason, logProbabilities, usage } = piece
  const isMessage = typeof message === 'object' && message !== null
  if (isMessage || logProbabilities || asText(finishReason) !== '') {
    return { type: 'choices', choices: [piece], usage, serviceTier: '' }
  }
  if (reportsError(piece)) return { type: 'error', json }
  if (!usage) return { type: 'unknown' }
  return { type: 'choices', choices: [], usage, serviceTier: '' }
}
