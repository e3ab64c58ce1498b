import type { ChatEvent } from './events.ts'
import type { ChatReply, Choice, TokenLogprob, ToolCall } from './model.ts'

/** Scripts without spaces between words. */
const UNSPACED =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}' +
  '\\u3001-\\u303f\\uff00-\\uffef'

/**
 * Leading space; or up to 24 characters of an unspaced script, or a word, each with the space after it.
 */
const PIECES = new RegExp(`^\\s+|[${UNSPACED}]{1,24}\\s*|[^\\s${UNSPACED}]+\\s*`, 'gu')

/**
 * Splits a whole reply into the event batches of a stream. Collecting them results in the same reply
 * without `created`, for which there is no event.
 */
export function replay({ choices, serviceTier, usage }: ChatReply): ChatEvent[][] {
  return [
    // First, since a client API may write it into every chunk.
    ...(serviceTier === undefined ? [] : [[{ type: 'service-tier' as const, serviceTier }]]),
    ...choices.flatMap(replayChoice),
    ...(usage === undefined ? [] : [[{ type: 'usage' as const, usage }]]),
  ]
}

function replayChoice(reply: Choice): ChatEvent[][] {
  const { index: choice, annotations, finishReason } = reply
  return [
    ...splitText(reply.reasoning).map((
      text,
    ) => [{ type: 'reasoning-delta' as const, choice, text }]),
    ...replayText(reply),
    ...splitText(reply.refusal).map((text) => [{ type: 'refusal-delta' as const, choice, text }]),
    ...reply.toolCalls.map((call, index) => replayCall(choice, call, index)),
    ...(annotations.length > 0 ? [[{ type: 'annotations' as const, choice, annotations }]] : []),
    [{ type: 'finish', choice, reason: finishReason }],
  ]
}

function replayText({ index: choice, text, logprobs }: Choice): ChatEvent[][] {
  const pieces = splitText(text)
  const tokens = pieces.length > 0 ? shareTokens(pieces, logprobs) : [logprobs]
  return tokens.map((share, at) => {
    const piece = pieces[at]
    return [
      ...(piece === undefined ? [] : [{ type: 'text-delta' as const, choice, text: piece }]),
      ...(share.length > 0 ? [{ type: 'logprobs' as const, choice, tokens: share }] : []),
    ]
  }).filter((events) => events.length > 0)
}

/** Assigns to each piece the tokens that begin in it; the last piece gets the rest. */
function shareTokens(
  pieces: readonly string[],
  tokens: readonly TokenLogprob[],
): (readonly TokenLogprob[])[] {
  let next = 0
  let written = 0
  let end = 0
  return pieces.map((piece, at) => {
    const first = next
    end += piece.length
    if (at === pieces.length - 1) return tokens.slice(first)
    for (; next < tokens.length && written < end; next++) written += tokens[next]!.token.length
    return tokens.slice(first, next)
  })
}

function replayCall(choice: number, call: ToolCall, index: number): ChatEvent[] {
  const { id, name, arguments: json } = call
  return [
    { type: 'tool-call-start', choice, index, id, name },
    ...(json === '' ? [] : [{ type: 'tool-call-delta' as const, choice, index, arguments: json }]),
  ]
}

function splitText(text: string): readonly string[] {
  return text.match(PIECES) ?? []
}
