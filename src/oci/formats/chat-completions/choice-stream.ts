import type { ChatEvent } from '../../../chat/events.ts'
import { readFinish } from '../response/finish-reason.ts'
import { asText } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { decodeOpenAiAnnotations } from '../openai/annotations.ts'
import type { ChoiceStream } from '../response/stream-decoder.ts'
import { createToolCallAssembly } from '../response/tool-call-assembly.ts'
import { readLogprobs } from './decode.ts'
import { messageOf, readCalls, readWords } from './read-message.ts'
import type { WireChoice } from './wire.ts'

/** Begins to read the answer of the given index. The piece that ends it may still bear text or calls. */
export function createChoiceStream(
  choice: number,
  options: DecodeOptions,
): ChoiceStream<WireChoice> {
  const toolCalls = createToolCallAssembly(choice, options)
  let finished = false
  return {
    get finished() {
      return finished
    },
    push(piece) {
      if (finished) return []
      const message = messageOf(piece)
      const { text, reasoning, refusal } = readWords(message)
      const ends = asText(piece.finish_reason) !== ''
      const events = [
        ...delta('reasoning-delta', choice, reasoning),
        ...delta('text-delta', choice, text),
        ...delta('refusal-delta', choice, refusal),
        ...extras(choice, piece, options),
        ...(message.tool_calls ? toolCalls.push(readCalls(message)) : []),
        ...(ends ? toolCalls.end() : []),
      ]
      finished = ends
      if (!ends) return events
      const finish = { finishReason: piece.finish_reason }
      const reason = readFinish(finish, toolCalls.count, options.onUnknownFinish)
      return [...events, { type: 'finish', choice, reason }]
    },
  }
}

function delta(
  type: 'reasoning-delta' | 'text-delta' | 'refusal-delta',
  choice: number,
  text: string,
): readonly ChatEvent[] {
  return text === '' ? [] : [{ type, choice, text }]
}

function extras(choice: number, piece: WireChoice, options: DecodeOptions): readonly ChatEvent[] {
  const annotations = decodeOpenAiAnnotations(messageOf(piece).annotations)
  const tokens = readLogprobs(piece, options)
  return [
    ...(annotations.length > 0 ? [{ type: 'annotations', choice, annotations } as const] : []),
    ...(tokens.length > 0 ? [{ type: 'logprobs', choice, tokens } as const] : []),
  ]
}
