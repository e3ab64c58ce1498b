import * as v from 'valibot'
import { type ChatRequest, emptyChatRequest } from '../../../src/chat/model.ts'
import { type DecodedRequest, decodeRequest } from '../../../src/openai/chat/decode.ts'
import { ChatCompletionRequest } from '../../../src/openai/chat/schema.ts'

/** The least a client can ask, with `part` beside it. */
export function body(part: object = {}): object {
  return { model: 'acme.one', messages: [{ role: 'user', content: 'Hi' }], ...part }
}

/** What is read of such a request, as the route reads it. */
export function decode(part: object = {}): DecodedRequest {
  return decodeRequest(v.parse(ChatCompletionRequest, body(part)))
}

/** The least that a request comes to, of which `part` is particular. */
export function request(part: Partial<ChatRequest> = {}): ChatRequest {
  return {
    ...emptyChatRequest('acme.one'),
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }], name: undefined }],
    ...part,
  }
}
