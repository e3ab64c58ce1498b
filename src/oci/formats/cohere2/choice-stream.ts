import type { ChatEvent } from '../../../chat/events.ts'
import { readFinish } from '../response/finish-reason.ts'
import { asText } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { readToolCalls, type ToolCallPiece } from '../response/read-message.ts'
import type { ChoiceStream } from '../response/stream-decoder.ts'
import { createToolCallAssembly, type ToolCallAssembly } from '../response/tool-call-assembly.ts'
import { decodeCitations, decodeLogprobs, messageOf, readWords } from './read-piece.ts'
import type { WireReply } from './wire.ts'

/** Begins to read the answer. What the piece that ends it says is new, unless it repeats everything. */
export function createChoiceStream(
  choice: number,
  options: DecodeOptions,
): ChoiceStream<WireReply> {
  const toolCalls = createToolCallAssembly(choice, options)
  let saidText = ''
  let saidReasoning = ''
  let finished = false

  const tell = (piece: WireReply, ends: boolean): readonly ChatEvent[] => {
    const words = readWords(messageOf(piece))
    const text = ends && words.text === saidText ? '' : words.text
    const reasoning = ends && words.reasoning === saidReasoning ? '' : words.reasoning
    saidText += text
    saidReasoning += reasoning
    return [
      ...(reasoning === '' ? [] : [{ type: 'reasoning-delta', choice, text: reasoning } as const]),
      ...(text === '' ? [] : [{ type: 'text-delta', choice, text } as const]),
    ]
  }
  return {
    get finished() {
      return finished
    },
    push(piece) {
      if (finished) return []
      const ends = asText(piece.finishReason) !== ''
      const message = messageOf(piece)
      const calls = message.toolCalls ? readToolCalls(message) : []
      const events = [
        ...tell(piece, ends),
        ...extras(choice, piece),
        ...(ends && repeats(calls, toolCalls) ? [] : toolCalls.push(calls)),
        ...(ends ? finish(choice, piece, toolCalls, options) : []),
      ]
      finished = ends
      return events
    },
  }
}

/** Calls without ids, as many as there are already, at the end: nothing else tells them from new ones. */
function repeats(calls: readonly ToolCallPiece[], { count }: ToolCallAssembly): boolean {
  return calls.length === count && calls.every(({ id, name }) => id === '' && name !== '')
}

function extras(choice: number, piece: WireReply): readonly ChatEvent[] {
  const annotations = decodeCitations(messageOf(piece))
  const tokens = decodeLogprobs(piece)
  return [
    ...(annotations.length > 0 ? [{ type: 'annotations', choice, annotations } as const] : []),
    ...(tokens.length > 0 ? [{ type: 'logprobs', choice, tokens } as const] : []),
  ]
}

function finish(
  choice: number,
  piece: WireReply,
  toolCalls: ToolCallAssembly,
  { onUnknownFinish }: DecodeOptions,
): readonly ChatEvent[] {
  return [
    ...toolCalls.end(),
    { type: 'finish', choice, reason: readFinish(piece, toolCalls.count, onUnknownFinish) },
  ]
}
