import type { Answer } from '../../prompt.ts'
import { tokenize } from '../../text-tokens.ts'
import { usageOf } from '../vendor-traits.ts'
import type { ReplyInput } from '../family.ts'
import { answerOf } from './answer.ts'
import type { CohereChatRequest } from './request.ts'

const apiFormat = 'COHERE'

/** The events of a streamed answer: its text, its calls, and then all of it once more. */
export function cohereEvents(
  answer: Answer,
  input: ReplyInput,
  request: CohereChatRequest,
): readonly object[] {
  const { directives, wantsUsage } = input.prompt
  const said = answerOf(answer, input, request)
  const tokens = directives.has('finish-text') ? [] : tokenize(said.text)
  const usage = wantsUsage && !directives.has('no-usage') ? usageOf(answer.tokens) : undefined
  const isLate = directives.has('usage-after')
  return [
    ...tokens.map(cohereTextEvent),
    ...(said.toolCalls ? [{ apiFormat, toolCalls: said.toolCalls }] : []),
    { apiFormat, ...said, ...(usage && !isLate ? { usage } : {}) },
    ...(usage && isLate ? [{ apiFormat, usage }] : []),
  ]
}

/** An event that only says a text. */
export function cohereTextEvent(text: string): object {
  return { apiFormat, text }
}

/** The `chatResponse` of an answer that is not streamed. */
export function cohereReply(
  answer: Answer,
  input: ReplyInput,
  request: CohereChatRequest,
): object {
  const isSilent = input.prompt.directives.has('no-usage')
  return {
    apiFormat,
    ...answerOf(answer, input, request),
    ...(request.isEcho === true ? { prompt: request.message } : {}),
    ...(isSilent ? {} : { usage: usageOf(answer.tokens) }),
  }
}
