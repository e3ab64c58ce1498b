import { CHAT_ACTION } from '../envelope.ts'
import type { ChatFormat } from '../format.ts'
import { createToolNames, PYTHON_NAMES } from '../request/tool-names.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { decodeReply } from './decode.ts'
import { readFile } from './documents.ts'
import { encodeRequest } from './encode.ts'

/** COHERE: one message, a history and flat replies; Command R, R+ and A. */
export const COHERE: ChatFormat = {
  envelope: CHAT_ACTION,
  multipleChoices: false,
  checkMedia: readFile,
  encodeRequest,
  decodeReply,
  createStreamDecoder,
  createToolNames: (names) => createToolNames(names, PYTHON_NAMES),
}
