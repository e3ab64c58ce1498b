import type { Answer } from '../../prompt.ts'
import { tokensOf } from '../../words.ts'
import { usageOf } from '../dialect.ts'
import type { Occasion } from '../family.ts'
import { answerOf } from './answer.ts'
import type { CohereChatRequest } from './request.ts'

const apiFormat = 'COHERE'

/** The events of a streamed answer: its text, its calls, and then all of it once more. */
export function cohereEvents(
  answer: Answer,
  occasion: Occasion,
  request: CohereChatRequest,
): readonly object[] {
  const { directives, wantsUsage } = occasion.prompt
  const said = answerOf(answer, occasion, request)
  const tokens = directives.has('finish-text') ? [] : tokensOf(said.text)
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
  occasion: Occasion,
  request: CohereChatRequest,
): object {
  const isSilent = occasion.prompt.directives.has('no-usage')
  return {
    apiFormat,
    ...answerOf(answer, occasion, request),
    ...(request.isEcho === true ? { prompt: request.message } : {}),
    ...(isSilent ? {} : { usage: usageOf(answer.tokens) }),
  }
}
