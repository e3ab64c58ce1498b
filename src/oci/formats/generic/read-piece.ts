import { asObject } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { type ChoicePiece, NONE } from '../response/decode-reply.ts'
import { readText, readToolCalls } from '../response/read-message.ts'
import { decodeAnnotations } from './annotations.ts'
import { decodeLogprobs } from './logprobs.ts'
import type { GenericWireMessage, WireChoice } from './wire.ts'

/** Reads a choice, complete or one piece of a stream. */
export function readPiece(choice: WireChoice, { alternatives }: DecodeOptions): ChoicePiece {
  const message: GenericWireMessage = asObject(choice.message)
  const { text, reasoning, refusal } = readText(message)
  return {
    text,
    reasoning,
    refusal,
    toolCalls: message.toolCalls ? readToolCalls(message) : NONE,
    annotations: decodeAnnotations(message.annotations, choice.groundingMetadata),
    logprobs: choice.logprobs ? decodeLogprobs(choice.logprobs, alternatives) : NONE,
    finishReason: choice.finishReason,
    errorMessage: choice.errorMessage,
  }
}
