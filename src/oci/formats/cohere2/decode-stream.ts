import { readCohereEvent } from '../cohere/read-event.ts'
import type { StreamDecodeOptions, StreamDecoder } from '../format.ts'
import { createChoiceStream, endsChoice, type PieceReader } from '../response/choice-stream.ts'
import type { ToolCallPiece } from '../response/read-message.ts'
import { createDecoder, type StreamDialect } from '../response/stream-decoder.ts'
import type { StreamEvent } from '../response/stream-event.ts'
import { readPiece } from './read-piece.ts'
import type { WireReply } from './wire.ts'

const DIALECT: StreamDialect<WireReply> = {
  readEvent: (json) => withImpliedEnd(readCohereEvent(json, isPiece)),
  indexOf: () => 0,
  createChoiceStream: (choice, options) => createChoiceStream(choice, options, createPieceReader()),
}

/** Creates the decoder of a stream in the COHEREV2 format: pieces of the only choice's message. */
export function createStreamDecoder(options: StreamDecodeOptions): StreamDecoder {
  return createDecoder(DIALECT, options)
}

function isPiece(wire: WireReply): boolean {
  const { message, logProbabilities } = wire
  const isMessage = typeof message === 'object' && message !== null
  return isMessage || Boolean(logProbabilities) || endsChoice(wire)
}

/** As in the COHERE format, the last event may have the finish reason null. Only it has the usage. */
function withImpliedEnd(event: StreamEvent<WireReply>): StreamEvent<WireReply> {
  const [wire] = event.type === 'choices' ? event.choices : []
  if (event.type !== 'choices' || !wire || !wire.usage || wire.finishReason !== null) return event
  return { ...event, choices: [{ ...wire, finishReason: 'COMPLETE' }] }
}

/** The last piece contains new content, or repeats everything. */
function createPieceReader(): PieceReader<WireReply> {
  let text = ''
  let reasoning = ''
  return (wire, announced) => {
    const piece = readPiece(wire)
    if (!endsChoice(piece)) {
      text += piece.text
      reasoning += piece.reasoning
      return piece
    }
    return {
      ...piece,
      text: piece.text === text ? '' : piece.text,
      reasoning: piece.reasoning === reasoning ? '' : piece.reasoning,
      toolCalls: repeatsCalls(piece.toolCalls, announced.count) ? [] : piece.toolCalls,
    }
  }
}

/** Repeated calls have no ids: only their number and the position at the end show the repetition. */
function repeatsCalls(calls: readonly ToolCallPiece[], callCount: number): boolean {
  return calls.length === callCount && calls.every(({ id, name }) => id === '' && name !== '')
}
