import { CHAT_ACTION } from '../envelope.ts'
import type { ChatFormat } from '../format.ts'
import { createToolNames } from '../request/tool-names.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { decodeReply } from './decode.ts'
import { encodeMedia } from './encode-message.ts'
import { encodeRequest } from './encode.ts'

/** GENERIC: the native format of every vendor except Cohere. */
export const GENERIC: ChatFormat = {
  envelope: CHAT_ACTION,
  multipleChoices: true,
  checkMedia: encodeMedia,
  encodeRequest,
  decodeReply,
  createStreamDecoder,
  createToolNames: (names) => createToolNames(names),
}
