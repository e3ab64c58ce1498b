import { asText } from '../../json.ts'
import type { StreamDecodeOptions, StreamDecoder } from '../format.ts'
import { createChoiceStream, endsChoice, type PieceReader } from '../response/choice-stream.ts'
import { textPiece } from '../response/decode-reply.ts'
import { createDecoder, type StreamDialect } from '../response/stream-decoder.ts'
import { reportsError, type StreamEvent } from '../response/stream-event.ts'
import { readCohereEvent } from './read-event.ts'
import { readPiece } from './read-piece.ts'
import type { WireReply } from './wire.ts'

const DIALECT: StreamDialect<WireReply> = {
  readEvent: (json) => withImpliedEnd(readCohereEvent(json, isPiece)),
  indexOf: () => 0,
  createChoiceStream: (choice, options) => createChoiceStream(choice, options, createPieceReader()),
}

/** Creates the decoder of a stream in the COHERE format: flat pieces of the only choice. */
export function createStreamDecoder(options: StreamDecodeOptions): StreamDecoder {
  return createDecoder(DIALECT, options)
}

function isPiece(wire: WireReply): boolean {
  const { text, toolCalls, citations, documents, finishReason } = wire
  return typeof text === 'string' ||
    Boolean(toolCalls || citations || documents || finishReason) ||
    ('finishReason' in wire && !reportsError(wire))
}

const END: WireReply = { finishReason: 'COMPLETE' }

/**
 * OCI ends a reply at a stop sequence with the finish reason null: the key marks the last event.
 * Without the history or the usage, which only the last event has, the end of the stream decides.
 */
function withImpliedEnd(event: StreamEvent<WireReply>): StreamEvent<WireReply> {
  const [wire] = event.type === 'choices' ? event.choices : []
  if (event.type !== 'choices' || !wire || wire.finishReason) return event
  const hasKey = 'finishReason' in wire
  if (hasKey && (wire.chatHistory || wire.usage)) {
    return { ...event, choices: [{ ...wire, ...END }] }
  }
  return hasKey || wire.chatHistory ? { ...event, endIfLast: END } : event
}

/**
 * An event with the finish reason, tool calls or the history repeats the complete text, and so does
 * the only one with a finish reason of null. Tool calls and citations are repeated, too: the last ones
 * count and are read at the end.
 */
function createPieceReader(): PieceReader<WireReply> {
  let received = ''
  let latest: WireReply = {}
  let hasKey = false
  return (wire) => {
    const isFirstWithKey = 'finishReason' in wire && !hasKey
    hasKey ||= isFirstWithKey
    const text = newText(wire, received, isFirstWithKey)
    received += text
    latest = {
      toolCalls: wire.toolCalls ?? latest.toolCalls,
      citations: wire.citations ?? latest.citations,
      documents: wire.documents ?? latest.documents,
    }
    return endsChoice(wire) ? readPiece({ ...wire, ...latest, text }) : textPiece(text)
  }
}

/** The part of a piece's text that was not received before. */
function newText(wire: WireReply, received: string, isFirstWithKey: boolean): string {
  const text = asText(wire.text)
  const mayRepeat = isFirstWithKey && text === received
  const repeats = endsChoice(wire) || wire.chatHistory || wire.toolCalls || mayRepeat
  if (!repeats || received === '') return text
  // A shorter text is not compared: the comparison would flatten all text received so far.
  return text.length > received.length && text.startsWith(received)
    ? text.slice(received.length)
    : ''
}
