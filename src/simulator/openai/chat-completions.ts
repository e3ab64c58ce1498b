import { chatChunks, chatCompletion, textChunk } from './chat-reply.ts'
import { CHAT_COMPLETION, type ChatCompletionRequest } from './chat-request.ts'
import { validateChat, validateModel } from './chat-rules.ts'
import type { Operation } from './operation.ts'
import { readPrompt } from './prompt.ts'

/** `POST /openai/v1/chat/completions` */
export const CHAT_COMPLETIONS: Operation<ChatCompletionRequest> = {
  shape: CHAT_COMPLETION,
  validateModel,
  readPrompt,
  validate: validateChat,
  reply: chatCompletion,
  stream: (answers, input) => ({
    events: chatChunks(answers, input),
    endsWithDone: true,
    textEvent: (text) => textChunk(text, input),
  }),
}
