import type { ChatRequest, Family } from '../family.ts'
import { firstError, only, type Rule } from '../rule.ts'
import {
  everyCallAnswered,
  everyEntrySpeaks,
  messageOrResults,
  noMessageAfterResults,
  resultsAnswerCalls,
} from './history-rules.ts'
import { tooLong, unsupported, withinCap, withinRanges } from './limit-rules.ts'
import { readPrompt } from './prompt.ts'
import type { CohereChatRequest } from './request.ts'
import { cohereEvents, cohereReply, cohereTextEvent } from './stream.ts'
import { validTools } from './tool-rules.ts'

const RULES: readonly Rule<CohereChatRequest>[] = [
  messageOrResults,
  noMessageAfterResults,
  everyEntrySpeaks,
  resultsAnswerCalls,
  only(/command-(?:a-|latest|plus-latest)/, everyCallAnswered),
  validTools,
  withinRanges,
  withinCap,
]

/** Cohere's first format: one message, a history, and calls without ids. */
export const COHERE: Family = {
  readPrompt: (request) => readPrompt(asCohere(request)),
  validate: (request, model, maxOutputTokens) =>
    firstError(RULES, asCohere(request), model, maxOutputTokens),
  tooLong,
  unsupported,
  reply: (answers, input) =>
    answers.map((answer) => cohereReply(answer, input, asCohere(input.request)))[0] ?? {},
  events: (answers, input) =>
    answers.flatMap((answer) => cohereEvents(answer, input, asCohere(input.request))),
  textEvent: cohereTextEvent,
  endsWithDone: false,
}

/** The field table has held the request against the SDK's CohereChatRequest, so the cast is true. */
function asCohere(request: ChatRequest): CohereChatRequest {
  return request as ChatRequest & CohereChatRequest
}
