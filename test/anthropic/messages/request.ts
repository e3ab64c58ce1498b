import * as v from 'valibot'
import type { ChatRequest } from '../../../src/chat/model.ts'
import { type DecodedRequest, decodeRequest } from '../../../src/anthropic/messages/decode.ts'
import { MessagesRequest } from '../../../src/anthropic/messages/schema.ts'

/** The least a client asks, with `part` beside it. */
export function body(part: object = {}): object {
  return {
    model: 'acme.one',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hi' }],
    ...part,
  }
}

/** What is read of such a request, as the route reads it. */
export function decode(part: object = {}): DecodedRequest {
  return decodeRequest(v.parse(MessagesRequest, body(part)))
}

/** What it comes to, of which `part` is particular. */
export function request(part: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: 'acme.one',
    messages: [{
      role: 'user',
      content: [{ type: 'text', text: 'Hi' }],
      name: undefined,
      place: 'messages[0]',
    }],
    tools: [],
    toolChoice: undefined,
    parallelToolCalls: undefined,
    responseFormat: undefined,
    outputLimit: 100,
    temperature: undefined,
    topP: undefined,
    topK: undefined,
    frequencyPenalty: undefined,
    presencePenalty: undefined,
    seed: undefined,
    stop: [],
    choices: undefined,
    logprobs: undefined,
    logitBias: undefined,
    reasoningEffort: undefined,
    verbosity: undefined,
    prediction: undefined,
    webSearch: undefined,
    metadata: undefined,
    serviceTier: undefined,
    ...part,
  }
}
