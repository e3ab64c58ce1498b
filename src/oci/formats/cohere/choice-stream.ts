import type { ChatEvent } from '../../../chat/events.ts'
import { readFinish } from '../response/finish-reason.ts'
import { asText } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import type { ChoiceStream } from '../response/stream-decoder.ts'
import { decodeCitations } from './citations.ts'
import { decodeToolCalls } from './decode.ts'
import type { WireReply } from './wire.ts'

/**
 * Begins to read the answer. An event that ends it, or brings calls or the history, says the whole
 * text again; calls and citations are said again, too, and count as they are said last.
 */
export function createChoiceStream(
  choice: number,
  options: DecodeOptions,
): ChoiceStream<WireReply> {
  let said = ''
  let known: WireReply = {}
  let finished = false
  return {
    get finished() {
      return finished
    },
    push(piece) {
      if (finished) return []
      const text = newText(piece, said)
      said += text
      known = {
        toolCalls: piece.toolCalls ?? known.toolCalls,
        citations: piece.citations ?? known.citations,
        documents: piece.documents ?? known.documents,
      }
      const events = [
        ...(text === '' ? [] : [{ type: 'text-delta', choice, text } as const]),
        ...(isLast(piece) ? finish(choice, { ...piece, ...known }, options) : []),
      ]
      // Not before: an answer whose end is an error has failed, and is not finished.
      finished = isLast(piece)
      return events
    },
  }
}

/** What a piece says beyond what was `said`: all of it, unless it repeats. */
function newText(piece: WireReply, said: string): string {
  const text = asText(piece.text)
  const repeats = isLast(piece) || piece.chatHistory || piece.toolCalls
  if (!repeats || said === '') return text
  // A text that is shorter is not compared: that would put together all that was said so far.
  return text.length > said.length && text.startsWith(said) ? text.slice(said.length) : ''
}

function isLast({ finishReason }: WireReply): boolean {
  return asText(finishReason) !== ''
}

function finish(choice: number, whole: WireReply, options: DecodeOptions): readonly ChatEvent[] {
  const annotations = decodeCitations(whole.citations, whole.documents)
  const toolCalls = decodeToolCalls(whole.toolCalls, options)
  const reason = readFinish(whole, toolCalls.length, options.onUnknownFinish)
  return [
    ...(annotations.length > 0 ? [{ type: 'annotations', choice, annotations } as const] : []),
    ...toolCalls.flatMap(({ id, name, arguments: json }, index): readonly ChatEvent[] => [
      { type: 'tool-call-start', choice, index, id, name },
      { type: 'tool-call-delta', choice, index, arguments: json },
    ]),
    { type: 'finish', choice, reason },
  ]
}
