import { isWithinOutputLimit, isWithinRanges, tooLong, unsupported } from '../cohere/limit-rules.ts'
import type { ChatRequest, Family } from '../family.ts'
import { firstError, only, type Rule } from '../rule.ts'
import {
  callsAreComplete,
  everyCallAnswered,
  hasOneImage,
  messagesAreNotEmpty,
  partsAreValid,
  resultsFollowCalls,
} from './message-rules.ts'
import { readCohere2Prompt } from './prompt.ts'
import { cohere2Reply } from './reply.ts'
import type { Cohere2ChatRequest } from './request.ts'
import { cohere2Events, cohere2TextEvent } from './stream.ts'
import {
  hasNoTools,
  thinkingIsSupported,
  toolChoiceNeedsTools,
  toolsAreValid,
} from './tool-rules.ts'

const RULES: readonly Rule<Cohere2ChatRequest>[] = [
  messagesAreNotEmpty,
  partsAreValid,
  callsAreComplete,
  resultsFollowCalls,
  everyCallAnswered,
  only<Cohere2ChatRequest>(/vision/, hasOneImage, hasNoTools),
  toolsAreValid,
  toolChoiceNeedsTools,
  thinkingIsSupported,
  isWithinRanges,
  isWithinOutputLimit,
]

/** The format COHEREV2: messages with parts, tool calls with ids, and reasoning text. */
export const COHERE_V2: Family = {
  readPrompt: (request) => readCohere2Prompt(asCohere2(request)),
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

/** checkFields has verified the request against the SDK's CohereChatRequestV2. */
function asCohere2(request: ChatRequest): Cohere2ChatRequest {
  return request as ChatRequest & Cohere2ChatRequest
}
