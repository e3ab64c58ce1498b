import { chatChunks, chatCompletion, textChunk } from './chat-completion.ts'
import { CHAT_COMPLETION, type ChatCompletionRequest } from './chat-request.ts'
import { findChatRefusal, findModelRefusal } from './chat-rules.ts'
import type { Operation } from './operation.ts'
import { readPrompt } from './read-prompt.ts'

/** `POST /openai/v1/chat/completions` */
export const CHAT_COMPLETIONS: Operation<ChatCompletionRequest> = {
  shape: CHAT_COMPLETION,
  findModelRefusal,
  readPrompt,
  findRefusal: findChatRefusal,
  reply: chatCompletion,
  stream: (answers, occasion) => ({
    events: chatChunks(answers, occasion),
    endsWithDone: true,
    textEvent: (text) => textChunk(text, occasion),
  }),
}
