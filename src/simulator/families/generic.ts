import type { VendorTraits } from './vendor-traits.ts'
import type { ChatRequest, Family } from './family.ts'
import { readGenericPrompt } from './generic-prompt.ts'
import { genericReply } from './generic-reply.ts'
import type { GenericChatRequest } from './generic-request.ts'
import { genericEvents } from './generic-stream.ts'
import { textMessage } from './generic-wire.ts'
import { MESSAGE_RULES } from './message-rules.ts'
import { resultsFollowCalls } from './pairing-rules.ts'
import { PARAMETER_RULES } from './parameter-rules.ts'
import { firstError } from './rule.ts'
import { TOOL_RULES } from './tool-rules.ts'

/** Creates a GENERIC family with the traits of a vendor. */
export function genericFamily(traits: VendorTraits): Family {
  const { tooLong, unsupported, endsWithDone } = traits
  const rules = [
    resultsFollowCalls,
    ...traits.rules,
    ...MESSAGE_RULES,
    ...TOOL_RULES,
    ...PARAMETER_RULES,
  ]
  return {
    readPrompt: (request) => readGenericPrompt(asGeneric(request)),
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

/** checkFields has verified the request against the SDK's GenericChatRequest. */
function asGeneric(request: ChatRequest): GenericChatRequest {
  return request as GenericChatRequest
}
