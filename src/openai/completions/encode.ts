import type { ChatReply, Choice, FinishReason, TokenLogprob } from '../../chat/model.ts'
import { encodeUsage } from '../chat/encode.ts'
import type { ReplyIdentity } from '../chat/wire.ts'

/** What stands before a choice's own text; empty unless the client wants its prompt back. */
export type Echo = (choice: number) => string

/** Writes a whole answer as OpenAI's `text_completion`. */
export function encodeReply(reply: ChatReply, identity: ReplyIdentity, echo: Echo): object {
  return {
    id: identity.id,
    object: 'text_completion',
    created: reply.created ?? identity.created,
    model: identity.model,
    choices: reply.choices.map((choice) => encodeChoice(choice, echo(choice.index))),
    ...(reply.usage && { usage: encodeUsage(reply.usage) }),
  }
}

function encodeChoice({ index, finishReason, logprobs, ...choice }: Choice, before: string) {
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

/** OpenAI's older form of `logprobs`: lists side by side, the text's offsets from `start` on. */
export function encodeLogprobs(tokens: readonly TokenLogprob[], start: number): object {
  let next = start
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.some(({ top }) => top.length > 0)
      ? tokens.map(({ top }) =>
        Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))
      )
      : null,
    text_offset: tokens.map(({ token }) => {
      const offset = next
      next += token.length
      return offset
    }),
  }
}
