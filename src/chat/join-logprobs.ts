import type { ChatEvent } from './events.ts'
import type { TokenLogprob } from './model.ts'

/**
 * Encodes events one after the other. Log probabilities that follow a piece of text are encoded
 * together with it, since clients read both from one chunk.
 */
export function encodeWithLogprobs(
  events: readonly ChatEvent[],
  encode: (event: ChatEvent, tokens: readonly TokenLogprob[] | undefined) => string,
): string {
  let text = ''
  for (let at = 0; at < events.length; at++) {
    const event = events[at]!
    const tokens = tokensAfter(event, events[at + 1])
    if (tokens) at++
    text += encode(event, tokens)
  }
  return text
}

function tokensAfter(
  event: ChatEvent,
  next: ChatEvent | undefined,
): readonly TokenLogprob[] | undefined {
  if (event.type !== 'text-delta' || next?.type !== 'logprobs') return undefined
  return next.choice === event.choice ? next.tokens : undefined
}
