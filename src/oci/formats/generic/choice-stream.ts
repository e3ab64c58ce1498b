import type { ChatEvent } from '../../../chat/events.ts'
import { readFinish } from '../response/finish-reason.ts'
import { asText } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { type MessageText, readText, readToolCalls } from '../response/read-message.ts'
import type { ChoiceStream } from '../response/stream-decoder.ts'
import { createToolCallAssembly, type ToolCallAssembly } from '../response/tool-call-assembly.ts'
import { decodeAnnotations } from './annotations.ts'
import { decodeLogprobs } from './logprobs.ts'
import { messageOf } from './message-of.ts'
import type { GenericWireMessage, WireChoice } from './wire.ts'

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
      const said = readText(message)
      if (isPlain(piece, message, said)) return delta('text-delta', choice, said.text)
      const { text, reasoning, refusal } = said
      const ends = asText(piece.finishReason) !== ''
      const events = [
        ...delta('reasoning-delta', choice, reasoning),
        ...delta('text-delta', choice, text),
        ...delta('refusal-delta', choice, refusal),
        ...extras(choice, piece, options.alternatives),
        ...(message.toolCalls ? toolCalls.push(readToolCalls(message)) : []),
        ...(ends ? finish(choice, piece, toolCalls, options) : []),
      ]
      finished = ends
      return events
    },
  }
}

/** Whether a piece bears nothing but text, as nearly all do: the rest is then not looked for. */
function isPlain(
  { finishReason, logprobs, groundingMetadata }: WireChoice,
  { toolCalls, annotations }: GenericWireMessage,
  { reasoning, refusal }: MessageText,
): boolean {
  return reasoning === '' && refusal === '' &&
    !(finishReason || logprobs || groundingMetadata || toolCalls || annotations)
}

function delta(
  type: 'reasoning-delta' | 'text-delta' | 'refusal-delta',
  choice: number,
  text: string,
): readonly ChatEvent[] {
  return text === '' ? [] : [{ type, choice, text }]
}

function extras(choice: number, piece: WireChoice, most?: number): readonly ChatEvent[] {
  const annotations = decodeAnnotations(piece)
  const tokens = decodeLogprobs(piece.logprobs, most)
  return [
    ...(annotations.length > 0 ? [{ type: 'annotations', choice, annotations } as const] : []),
    ...(tokens.length > 0 ? [{ type: 'logprobs', choice, tokens } as const] : []),
  ]
}

function finish(
  choice: number,
  piece: WireChoice,
  toolCalls: ToolCallAssembly,
  { onUnknownFinish }: DecodeOptions,
): readonly ChatEvent[] {
  return [
    ...toolCalls.end(),
    { type: 'finish', choice, reason: readFinish(piece, toolCalls.count, onUnknownFinish) },
  ]
}
