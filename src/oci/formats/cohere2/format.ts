import { CHAT_ACTION } from '../envelope.ts'
import type { ChatFormat } from '../format.ts'
import { createToolNames } from '../request/tool-names.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { decodeReply } from './decode.ts'
import { encodeMedia } from './encode-message.ts'
import { encodeRequest } from './encode.ts'

/** COHEREV2: messages, calls with ids, reasoning and images; Command A Vision and A Reasoning. */
export const COHERE2: ChatFormat = {
  envelope: CHAT_ACTION,
  multipleChoices: false,
  checkMedia: encodeMedia,
  encodeRequest,
  decodeReply,
  createStreamDecoder,
  createToolNames: (names) => createToolNames(names),
}
