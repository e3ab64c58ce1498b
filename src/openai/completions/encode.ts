import type { ChatReply, Choice, FinishReason, TokenLogprob } from '../../chat/model.ts'
import { encodeUsage } from '../chat/encode.ts'
import type { ReplyIdentity } from '../chat/wire.ts'

/** What stands before a choice's own text; empty unless the client wants its prompt back. */
export type Echo = (choice: number) => string

/** OpenAI's `text_completion`. */
export interface TextCompletion {
  id: string
  object: 'text_completion'
  created: number
  model: string
  choices: TextChoice[]
  usage?: object
}

export interface TextChoice {
  index: number
  text: string
  logprobs: TextLogprobs | null
  finish_reason: 'stop' | 'length' | 'content_filter'
}

/** Lists side by side, an entry in each for every token. */
export interface TextLogprobs {
  tokens: string[]
  token_logprobs: number[]
  /** The alternatives, where they were asked for. */
  top_logprobs?: Record<string, number>[]
  /** Where each token begins in the text. */
  text_offset: number[]
}

/** Writes a whole answer. */
export function encodeReply(reply: ChatReply, identity: ReplyIdentity, echo: Echo): TextCompletion {
  return {
    id: identity.id,
    object: 'text_completion',
    created: reply.created ?? identity.created,
    model: identity.model,
    choices: reply.choices.map((choice) => encodeChoice(choice, echo(choice.index))),
    ...(reply.usage && { usage: encodeUsage(reply.usage) }),
  }
}

function encodeChoice(
  { index, finishReason, logprobs, ...choice }: Choice,
  before: string,
): TextChoice {
  return {
    index,
    text: before + choice.text + choice.refusal,
    logprobs: logprobs.length === 0 ? null : encodeLogprobs(logprobs, before.length),
    finish_reason: FINISH_REASONS[finishReason],
  }
}

/** Without tools there is nobody to call. */
export const FINISH_REASONS: Readonly<Record<FinishReason, 'stop' | 'length' | 'content_filter'>> =
  {
    'stop': 'stop',
    'length': 'length',
    'tool-calls': 'stop',
    'content-filter': 'content_filter',
  }

/** OpenAI's older form of `logprobs`, for tokens from `start` in the text on. */
export function encodeLogprobs(tokens: readonly TokenLogprob[], start: number): TextLogprobs {
  let next = start
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    ...(tokens.some(({ top }) => top.length > 0) && {
      top_logprobs: tokens.map(({ top }) =>
        Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))
      ),
    }),
    text_offset: tokens.map(({ token }) => {
      const offset = next
      next += token.length
      return offset
    }),
  }
}
