import type { Answer } from '../../prompt.ts'
import { tokenize } from '../../text-tokens.ts'
import { usageOf } from '../vendor-traits.ts'
import type { ReplyInput } from '../family.ts'
import { answerOf } from './answer.ts'
import type { CohereChatRequest } from './request.ts'

const apiFormat = 'COHERE'

/** The events of a stream: text, tool calls, and a last event that repeats the whole answer. */
export function cohereEvents(
  answer: Answer,
  input: ReplyInput,
  request: CohereChatRequest,
): readonly object[] {
  const { directives, wantsUsage } = input.prompt
  const answerMembers = answerOf(answer, input, request)
  const tokens = directives.has('finish-text') ? [] : tokenize(answerMembers.text)
  const usage = wantsUsage && !directives.has('no-usage') ? usageOf(answer.tokens) : undefined
  const isLate = directives.has('usage-after')
  return [
    ...tokens.map(cohereTextEvent),
    ...(answerMembers.toolCalls ? [{ apiFormat, toolCalls: answerMembers.toolCalls }] : []),
    { apiFormat, ...answerMembers, ...(usage && !isLate ? { usage } : {}) },
    ...(usage && isLate ? [{ apiFormat, usage }] : []),
  ]
}

/** An event with a text delta. */
export function cohereTextEvent(text: string): object {
  return { apiFormat, text }
}

/** The `chatResponse` of a request without streaming. */
export function cohereReply(
  answer: Answer,
  input: ReplyInput,
  request: CohereChatRequest,
): object {
  const omitsUsage = input.prompt.directives.has('no-usage')
  return {
    apiFormat,
    ...answerOf(answer, input, request),
    ...(request.isEcho === true ? { prompt: request.message } : {}),
    ...(omitsUsage ? {} : { usage: usageOf(answer.tokens) }),
  }
}
