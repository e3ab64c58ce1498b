import type { ChatReply } from '../../../chat/model.ts'
import { asNumber, asObject, asText } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { decodeChoice, parseReply } from '../response/decode-reply.ts'
import { decodeUsage } from '../response/usage.ts'
import { readPiece } from './read-piece.ts'
import { ChatResult, type WireChoice } from './wire.ts'

/** Decodes a complete response. Throws when it has no choices or a choice ended with an error. */
export function decodeReply(json: unknown, options: DecodeOptions): ChatReply {
  const { chatResponse } = parseReply(ChatResult, json, 'choices')
  const { usage, serviceTier, timeCreated } = chatResponse
  const choices = chatResponse.choices.map((choice): WireChoice => asObject(choice))
  const last = choices.at(-1)
  return {
    choices: choices.map((choice, index) =>
      decodeChoice(readPiece(choice, options), index, options)
    ),
    usage: decodeUsage(usage) ?? decodeUsage(last?.usage),
    serviceTier: (serviceTier || asText(last?.serviceTier)).toLowerCase() || undefined,
    created: decodeTime(timeCreated),
  }
}

function decodeTime(time: unknown): number | undefined {
  const seconds = asNumber(time) ?? Date.parse(asText(time)) / 1000
  return Number.isFinite(seconds) ? Math.floor(seconds) : undefined
}
