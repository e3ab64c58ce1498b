import type { ChatReply, Choice, Usage } from '../../../src/chat/model.ts'
import type { ReplyIdentity } from '../../../src/openai/chat/wire.ts'

export const IDENTITY: ReplyIdentity = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'oci/m' }

/** An empty reply with `part`. */
export function reply(part: Partial<ChatReply> = {}): ChatReply {
  return {
    choices: [choice()],
    usage: undefined,
    serviceTier: undefined,
    created: undefined,
    ...part,
  }
}

export function choice(part: Partial<Choice> = {}): Choice {
  return {
    index: 0,
    text: '',
    reasoning: '',
    refusal: '',
    toolCalls: [],
    annotations: [],
    logprobs: [],
    finishReason: 'stop',
    ...part,
  }
}

export function usage(part: Partial<Usage> = {}): Usage {
  return {
    prompt: 5,
    completion: 7,
    total: 12,
    cached: undefined,
    reasoning: undefined,
    acceptedPrediction: undefined,
    rejectedPrediction: undefined,
    ...part,
  }
}
