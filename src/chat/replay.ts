import type { ChatEvent } from './events.ts'
import type { ChatReply, Choice, TokenLogprob, ToolCall } from './model.ts'

/** Scripts that put no spaces between words. */
const UNSPACED =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}' +
  '\\u3001-\\u303f\\uff00-\\uffef'

/**
 * Leading space; up to 24 characters of an unspaced script; or a word. Each of the two takes the
 * space behind it along.
 */
const PIECES = new RegExp(`^\\s+|[${UNSPACED}]{1,24}\\s*|[^\\s${UNSPACED}]+\\s*`, 'gu')

/**
 * A whole answer cut into events as a stream would have brought them, those of one moment together.
 * Folding them gives the answer again, but for `created`, which no event tells.
 */
export function replay({ choices, serviceTier, usage }: ChatReply): ChatEvent[][] {
  return [
    // First, since a face may write it into every chunk.
    ...(serviceTier === undefined ? [] : [[{ type: 'service-tier' as const, serviceTier }]]),
    ...choices.flatMap(replayChoice),
    ...(usage === undefined ? [] : [[{ type: 'usage' as const, usage }]]),
  ]
}

function replayChoice(reply: Choice): ChatEvent[][] {
  const { index: choice, annotations, finishReason } = reply
  return [
    ...cut(reply.reasoning).map((text) => [{ type: 'reasoning-delta' as const, choice, text }]),
    ...replayText(reply),
    ...cut(reply.refusal).map((text) => [{ type: 'refusal-delta' as const, choice, text }]),
    ...reply.toolCalls.map((call, index) => replayCall(choice, call, index)),
    ...(annotations.length > 0 ? [[{ type: 'annotations' as const, choice, annotations }]] : []),
    [{ type: 'finish', choice, reason: finishReason }],
  ]
}

function replayText({ index: choice, text, logprobs }: Choice): ChatEvent[][] {
  const pieces = cut(text)
  const tokens = pieces.length > 0 ? shareTokens(pieces, logprobs) : [logprobs]
  return tokens.map((share, at) => {
    const piece = pieces[at]
    return [
      ...(piece === undefined ? [] : [{ type: 'text-delta' as const, choice, text: piece }]),
      ...(share.length > 0 ? [{ type: 'logprobs' as const, choice, tokens: share }] : []),
    ]
  }).filter((events) => events.length > 0)
}

/** For each piece the tokens that begin in it; the last one takes what is left. */
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

function cut(text: string): readonly string[] {
  return text.match(PIECES) ?? []
}
