import { tooLong, unsupported, withinCap, withinRanges } from '../cohere/limit-rules.ts'
import type { ChatRequest, Family } from '../family.ts'
import { firstError, only, type Rule } from '../rule.ts'
import {
  answersCalls,
  everyCallAnswered,
  filledMessages,
  oneImage,
  validCalls,
  validParts,
} from './message-rules.ts'
import { readPrompt } from './prompt.ts'
import { cohere2Reply } from './reply.ts'
import type { Cohere2ChatRequest } from './request.ts'
import { cohere2Events, cohere2TextEvent } from './stream.ts'
import { choiceNeedsTools, noTools, thinksIfAsked, validTools } from './tool-rules.ts'

const RULES: readonly Rule<Cohere2ChatRequest>[] = [
  filledMessages,
  validParts,
  validCalls,
  answersCalls,
  everyCallAnswered,
  only<Cohere2ChatRequest>(/vision/, oneImage, noTools),
  validTools,
  choiceNeedsTools,
  thinksIfAsked,
  withinRanges,
  withinCap,
]

/** Cohere's second format: messages with parts, calls with ids, and thoughts that can be read. */
export const COHERE_V2: Family = {
  readPrompt: (request) => readPrompt(asCohere2(request)),
  validate: (request, model, maxOutputTokens) =>
    firstError(RULES, asCohere2(request), model, maxOutputTokens),
  tooLong,
  unsupported,
  reply: (answers, input) =>
    answers.map((answer) => cohere2Reply(answer, input, asCohere2(input.request)))[0] ?? {},
  events: (answers, input) =>
    answers.flatMap((answer) => cohere2Events(answer, input, asCohere2(input.request))),
  textEvent: cohere2TextEvent,
  endsWithDone: false,
}

/** The field table has held the request against the SDK's CohereChatRequestV2, so the cast is true. */
function asCohere2(request: ChatRequest): Cohere2ChatRequest {
  return request as ChatRequest & Cohere2ChatRequest
}
