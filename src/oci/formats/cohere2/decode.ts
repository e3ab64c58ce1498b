import type { ChatReply } from '../../../chat/model.ts'
import type { DecodeOptions } from '../format.ts'
import { decodeChoice, parseReply } from '../response/decode-reply.ts'
import { decodeUsage } from '../response/usage.ts'
import { readPiece } from './read-piece.ts'
import { Cohere2ChatResult, type WireReply } from './wire.ts'

/** Decodes a complete response. Throws when it has no message or ended with an error. */
export function decodeReply(json: unknown, options: DecodeOptions): ChatReply {
  const reply: WireReply = parseReply(Cohere2ChatResult, json, 'message').chatResponse
  return {
    choices: [decodeChoice(readPiece(reply), 0, options)],
    usage: decodeUsage(reply.usage),
    serviceTier: undefined,
    created: undefined,
  }
}
