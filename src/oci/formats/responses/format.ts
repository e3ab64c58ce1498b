import { openAiEnvelope } from '../envelope.ts'
import type { ChatFormat } from '../format.ts'
import { createToolNames } from '../request/tool-names.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { decodeReply } from './decode.ts'
import { encodeMedia } from './encode-items.ts'
import { encodeRequest } from './encode.ts'

/** RESPONSES: OpenAI's Responses, the only format of some models. */
export const RESPONSES: ChatFormat = {
  envelope: openAiEnvelope('/responses'),
  multipleChoices: false,
  checkMedia: encodeMedia,
  encodeRequest,
  decodeReply,
  createStreamDecoder,
  createToolNames: (names) => createToolNames(names),
}
