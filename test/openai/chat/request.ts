import * as v from 'valibot'
import { type ChatRequest, emptyChatRequest } from '../../../src/chat/model.ts'
import { type DecodedRequest, decodeRequest } from '../../../src/openai/chat/decode.ts'
import { ChatCompletionRequest } from '../../../src/openai/chat/schema.ts'

/** A minimal request with `part`. */
export function body(part: object = {}): object {
  return { model: 'acme.one', messages: [{ role: 'user', content: 'Hi' }], ...part }
}

/** Decodes such a request as the route does. */
export function decode(part: object = {}): Omit<DecodedRequest, 'customTools'> {
  const { request, warnings } = decodeRequest(v.parse(ChatCompletionRequest, body(part)))
  return { request, warnings }
}

/** The decoded minimal request with `part`. */
export function request(part: Partial<ChatRequest> = {}): ChatRequest {
  return {
    ...emptyChatRequest('acme.one'),
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }], name: undefined }],
    ...part,
  }
}
