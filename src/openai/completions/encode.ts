import type { ChatReply, Choice, FinishReason, TokenLogprob } from '../../chat/model.ts'
import { encodeUsage } from '../chat/encode.ts'
import type { ReplyIdentity } from '../chat/wire.ts'

/** Returns the prompt to put before a choice's text; empty unless the client requested `echo`. */
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

/** Parallel lists with one entry for each token. */
export interface TextLogprobs {
  tokens: string[]
  token_logprobs: number[]
  /** The alternatives, if requested. */
  top_logprobs?: Record<string, number>[]
  /** Offset of each token in the text. */
  text_offset: number[]
}

/** Encodes a whole reply. */
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
  prompt: string,
): TextChoice {
  return {
    index,
    text: prompt + choice.text + choice.refusal,
    logprobs: logprobs.length === 0 ? null : encodeLogprobs(logprobs, prompt.length),
    finish_reason: FINISH_REASONS[finishReason],
  }
}

/** OpenAI's finish reasons of this API, which has no tools. */
export const FINISH_REASONS: Readonly<Record<FinishReason, 'stop' | 'length' | 'content_filter'>> =
  {
    'stop': 'stop',
    'length': 'length',
    'tool-calls': 'stop',
    'content-filter': 'content_filter',
  }

/** Encodes OpenAI's older form of `logprobs`. `start` is the offset of the first token in the text. */
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
