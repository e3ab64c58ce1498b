import * as v from 'valibot'
import { type ChatRequest, emptyChatRequest } from '../../../src/chat/model.ts'
import { type DecodedRequest, decodeRequest } from '../../../src/anthropic/messages/decode.ts'
import { MessagesRequest } from '../../../src/anthropic/messages/schema.ts'

/** A minimal request with `part`. */
export function body(part: object = {}): object {
  return {
    model: 'acme.one',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hi' }],
    ...part,
  }
}

/** Decodes such a request as the route does. */
export function decode(part: object = {}): DecodedRequest {
  return decodeRequest(v.parse(MessagesRequest, body(part)))
}

/** The decoded minimal request with `part`. */
export function request(part: Partial<ChatRequest> = {}): ChatRequest {
  return {
    ...emptyChatRequest('acme.one'),
    messages: [{
      role: 'user',
      content: [{ type: 'text', text: 'Hi' }],
      name: undefined,
      location: 'messages[0]',
    }],
    outputLimit: 100,
    ...part,
  }
}
