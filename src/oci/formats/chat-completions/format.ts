import { openAiEnvelope } from '../envelope.ts'
import type { ChatFormat } from '../format.ts'
import { createToolNames } from '../request/tool-names.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { decodeReply } from './decode.ts'
import { encodeMedia } from './encode-message.ts'
import { encodeRequest } from './encode.ts'

/** CHAT_COMPLETIONS: OpenAI's chat completions at OCI's OpenAI endpoint. */
export const CHAT_COMPLETIONS: ChatFormat = {
  envelope: openAiEnvelope('/chat/completions'),
  multipleChoices: true,
  checkMedia: encodeMedia,
  encodeRequest,
  decodeReply,
  createStreamDecoder,
  createToolNames: (names) => createToolNames(names),
}
