import { asList, asObject, asText } from '../../json.ts'
import type { ChoicePiece } from '../response/decode-reply.ts'
import type { ToolCallPiece } from '../response/read-message.ts'
import { decodeArguments } from '../response/tool-arguments.ts'
import { decodeCitations } from './citations.ts'
import type { WireReply, WireToolCall } from './wire.ts'

/** Reads a reply, complete or the last piece of a stream. */
export function readPiece(reply: WireReply): ChoicePiece {
  return {
    // Next to tool calls the text is the plan, which clients show before the calls.
    text: asText(reply.text),
    reasoning: '',
    refusal: '',
    toolCalls: readToolCalls(reply.toolCalls),
    annotations: decodeCitations(reply.citations, reply.documents),
    logprobs: [],
    finishReason: reply.finishReason,
    errorMessage: reply.errorMessage,
  }
}

/** Calls are complete and have no ids; their parameters are an object. */
function readToolCalls(json: unknown): readonly ToolCallPiece[] {
  return asList(json).flatMap((element): readonly ToolCallPiece[] => {
    const call: WireToolCall = asObject(element)
    const name = asText(call.name)
    if (name === '') return []
    return [{ id: '', name, arguments: decodeArguments(call.parameters), signature: '' }]
  })
}
