import { tooLong, unsupported, withinCap, withinRanges } from '../cohere/limit-rules.ts'
import type { ChatRequest, Family } from '../family.ts'
import { firstRefusal, only, type Rule } from '../rule.ts'
import {
  answersCalls,
  everyCallAnswered,
  filledMessages,
  oneImage,
  soundCalls,
  soundParts,
} from './message-rules.ts'
import { readPrompt } from './prompt.ts'
import { cohere2Reply } from './reply.ts'
import type { Cohere2ChatRequest } from './request.ts'
import { cohere2Events, cohere2TextEvent } from './stream.ts'
import { choiceNeedsTools, noTools, soundTools, thinksIfAsked } from './tool-rules.ts'

const RULES: readonly Rule<Cohere2ChatRequest>[] = [
  filledMessages,
  soundParts,
  soundCalls,
  answersCalls,
  everyCallAnswered,
  only<Cohere2ChatRequest>(/vision/, oneImage, noTools),
  soundTools,
  choiceNeedsTools,
  thinksIfAsked,
  withinRanges,
  withinCap,
]

/** Cohere's second format: messages with parts, calls with ids, and thoughts that can be read. */
export const COHERE_V2: Family = {
  readPrompt: (request) => readPrompt(asCohere2(request)),
  findRefusal: (request, model, outputCap) =>
    firstRefusal(RULES, asCohere2(request), model, outputCap),
  tooLong,
  unsupported,
  reply: (answers, occasion) =>
    answers.map((answer) => cohere2Reply(answer, occasion, asCohere2(occasion.request)))[0] ?? {},
  events: (answers, occasion) =>
    answers.flatMap((answer) => cohere2Events(answer, occasion, asCohere2(occasion.request))),
  textEvent: cohere2TextEvent,
  endsWithDone: false,
}

/** The field table has held the request against the SDK's CohereChatRequestV2, so the cast is true. */
function asCohere2(request: ChatRequest): Cohere2ChatRequest {
  return request as ChatRequest & Cohere2ChatRequest
}
