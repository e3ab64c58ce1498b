import type { VendorTraits } from './vendor-traits.ts'
import type { ChatRequest, Family } from './family.ts'
import { readPrompt } from './generic-prompt.ts'
import { genericReply } from './generic-reply.ts'
import type { GenericChatRequest } from './generic-request.ts'
import { genericEvents } from './generic-stream.ts'
import { textMessage } from './generic-wire.ts'
import { MESSAGE_RULES } from './message-rules.ts'
import { answersCalls } from './pairing-rules.ts'
import { PARAMETER_RULES } from './parameter-rules.ts'
import { firstError } from './rule.ts'
import { TOOL_RULES } from './tool-rules.ts'

/** A family that speaks GENERIC, with what is its own. */
export function genericFamily(traits: VendorTraits): Family {
  const { tooLong, unsupported, endsWithDone } = traits
  const rules = [
    answersCalls,
    ...traits.rules,
    ...MESSAGE_RULES,
    ...TOOL_RULES,
    ...PARAMETER_RULES,
  ]
  return {
    readPrompt: (request) => readPrompt(asGeneric(request)),
    validate: (request, model, maxOutputTokens) =>
      firstError(rules, asGeneric(request), model, maxOutputTokens),
    tooLong,
    unsupported,
    reply: (answers, input) => genericReply(answers, input, traits),
    events: (answers, input) => genericEvents(answers, input, traits),
    textEvent: (text) => ({ index: 0, message: textMessage(text) }),
    endsWithDone,
  }
}

/** The field table has held the request against the SDK's GenericChatRequest, so the cast is true. */
function asGeneric(request: ChatRequest): GenericChatRequest {
  return request as GenericChatRequest
}
