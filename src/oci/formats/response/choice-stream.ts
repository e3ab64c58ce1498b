import type { ChatEvent } from '../../../chat/events.ts'
import { asText } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import type { ChoicePiece } from './decode-reply.ts'
import { readFinish } from './finish-reason.ts'
import type { ChoiceStream } from './stream-decoder.ts'
import { createToolCallAssembly, type ToolCallAssembly } from './tool-call-assembly.ts'

/** Reads one wire piece of a choice; `announced` counts the tool calls announced so far. */
export type PieceReader<Wire> = (
  wire: Wire,
  announced: Pick<ToolCallAssembly, 'count'>,
) => ChoicePiece

/**
 * Creates the reader of one choice of a stream. The piece with the finish reason may also contain
 * text or tool calls; pieces after it are ignored.
 */
export function createChoiceStream<Wire>(
  choice: number,
  options: DecodeOptions,
  readPiece: PieceReader<Wire>,
): ChoiceStream<Wire> {
  const toolCalls = createToolCallAssembly(choice, options)
  let finished = false
  return {
    get finished() {
      return finished
    },
    push(wire) {
      if (finished) return []
      const piece = readPiece(wire, toolCalls)
      if (isTextOnly(piece)) return delta('text-delta', choice, piece.text)
      const ends = endsChoice(piece)
      const events: readonly ChatEvent[] = [
        ...delta('reasoning-delta', choice, piece.reasoning),
        ...delta('text-delta', choice, piece.text),
        ...logprobs(choice, piece.logprobs),
        ...delta('refusal-delta', choice, piece.refusal),
        ...annotations(choice, piece.annotations),
        ...toolCalls.push(piece.toolCalls),
        ...(ends ? toolCalls.end() : []),
        ...(ends ? finish(choice, piece, toolCalls.count, options) : []),
      ]
      // Set last: a choice whose finish reason is an error throws and has not finished.
      finished = ends
      return events
    },
  }
}

/** Whether the piece is the last one of its choice. */
export function endsChoice({ finishReason }: { finishReason?: unknown }): boolean {
  return asText(finishReason) !== ''
}

/** Nearly every piece contains only text and skips the work for the other members. */
function isTextOnly(piece: ChoicePiece): boolean {
  return piece.reasoning === '' && piece.refusal === '' && piece.toolCalls.length === 0 &&
    piece.annotations.length === 0 && piece.logprobs.length === 0 && !piece.finishReason
}

function delta(
  type: 'reasoning-delta' | 'text-delta' | 'refusal-delta',
  choice: number,
  text: string,
): readonly ChatEvent[] {
  return text === '' ? [] : [{ type, choice, text }]
}

/** Follow their text at once, so that both are encoded together. */
function logprobs(choice: number, tokens: ChoicePiece['logprobs']): readonly ChatEvent[] {
  return tokens.length === 0 ? [] : [{ type: 'logprobs', choice, tokens }]
}

function annotations(
  choice: number,
  annotations: ChoicePiece['annotations'],
): readonly ChatEvent[] {
  return annotations.length === 0 ? [] : [{ type: 'annotations', choice, annotations }]
}

function finish(
  choice: number,
  piece: ChoicePiece,
  callCount: number,
  { onUnknownFinish }: DecodeOptions,
): readonly ChatEvent[] {
  return [{ type: 'finish', choice, reason: readFinish(piece, callCount, onUnknownFinish) }]
}
