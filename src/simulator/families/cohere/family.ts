import type { ChatRequest, Family } from '../family.ts'
import { firstError, only, type Rule } from '../rule.ts'
import {
  entriesHaveMessages,
  everyCallAnswered,
  hasMessageOrResults,
  noMessageAfterResults,
  resultsFollowCalls,
} from './history-rules.ts'
import { isWithinOutputLimit, isWithinRanges, tooLong, unsupported } from './limit-rules.ts'
import { readCoherePrompt } from './prompt.ts'
import type { CohereChatRequest } from './request.ts'
import { cohereEvents, cohereReply, cohereTextEvent } from './stream.ts'
import { toolsAreValid } from './tool-rules.ts'

const RULES: readonly Rule<CohereChatRequest>[] = [
  hasMessageOrResults,
  noMessageAfterResults,
  entriesHaveMessages,
  resultsFollowCalls,
  only(/command-(?:a-|latest|plus-latest)/, everyCallAnswered),
  toolsAreValid,
  isWithinRanges,
  isWithinOutputLimit,
]

/** The format COHERE: a message, a history, and tool calls without ids. */
export const COHERE: Family = {
  readPrompt: (request) => readCoherePrompt(asCohere(request)),
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

/** checkFields has verified the request against the SDK's CohereChatRequest. */
function asCohere(request: ChatRequest): CohereChatRequest {
  return request as ChatRequest & CohereChatRequest
}
