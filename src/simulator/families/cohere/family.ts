import type { ChatRequest, Family } from '../family.ts'
import { firstRefusal, only, type Rule } from '../rule.ts'
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
import { soundTools } from './tool-rules.ts'

const RULES: readonly Rule<CohereChatRequest>[] = [
  messageOrResults,
  noMessageAfterResults,
  everyEntrySpeaks,
  resultsAnswerCalls,
  only(/command-(?:a-|latest|plus-latest)/, everyCallAnswered),
  soundTools,
  withinRanges,
  withinCap,
]

/** Cohere's first format: one message, a history, and calls without ids. */
export const COHERE: Family = {
  readPrompt: (request) => readPrompt(asCohere(request)),
  findRefusal: (request, model, outputCap) =>
    firstRefusal(RULES, asCohere(request), model, outputCap),
  tooLong,
  unsupported,
  reply: (answers, occasion) =>
    answers.map((answer) => cohereReply(answer, occasion, asCohere(occasion.request)))[0] ?? {},
  events: (answers, occasion) =>
    answers.flatMap((answer) => cohereEvents(answer, occasion, asCohere(occasion.request))),
  textEvent: cohereTextEvent,
  endsWithDone: false,
}

/** The field table has held the request against the SDK's CohereChatRequest, so the cast is true. */
function asCohere(request: ChatRequest): CohereChatRequest {
  return request as ChatRequest & CohereChatRequest
}
