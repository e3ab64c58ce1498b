import type { ChatReply } from '../../../chat/model.ts'
import { asObject } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { renameUsage } from '../openai/usage.ts'
import { decodeChoice, parseReply } from '../response/decode-reply.ts'
import { decodeUsage } from '../response/usage.ts'
import { readPiece } from './read-piece.ts'
import { ChatCompletion } from './wire.ts'

/** Decodes a complete response. Throws when it has no choices or a choice ended with an error. */
export function decodeReply(json: unknown, options: DecodeOptions): ChatReply {
  const { choices, usage, service_tier: serviceTier, created } = parseReply(
    ChatCompletion,
    json,
    'choices',
  )
  return {
    choices: choices.map((choice, index) =>
      decodeChoice(readPiece(asObject(choice), options), index, options)
    ),
    usage: decodeUsage(renameUsage(usage)),
    serviceTier: serviceTier?.toLowerCase() || undefined,
    created,
  }
}
