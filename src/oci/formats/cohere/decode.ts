import * as v from 'valibot'
import type { ChatReply, ToolCall } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { readFinish } from '../response/finish-reason.ts'
import { asList, asObject, asText } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { decodeArguments } from '../response/tool-arguments.ts'
import { decodeUsage } from '../response/usage.ts'
import { decodeCitations } from './citations.ts'
import { CohereChatResult, type WireReply, type WireToolCall } from './wire.ts'

/** Reads a whole answer. One that says nothing at all, or was ended by an error, is none: it throws. */
export function decodeReply(json: unknown, options: DecodeOptions): ChatReply {
  const { success, output, issues } = v.safeParse(CohereChatResult, json)
  if (!success) {
    throw new ApiError('upstream_invalid_response', 'Cannot read the answer: it has no text', {
      cause: new v.ValiError(issues),
    })
  }
  const reply: WireReply = output.chatResponse
  const toolCalls = decodeToolCalls(reply.toolCalls, options)
  const choice = {
    index: 0,
    // Beside tool calls it is the plan, which clients show as what was said before them.
    text: asText(reply.text),
    reasoning: '',
    refusal: '',
    toolCalls,
    annotations: decodeCitations(reply.citations, reply.documents),
    logprobs: [],
    finishReason: readFinish(reply, toolCalls.length, options.onUnknownFinish),
  }
  return {
    choices: [choice],
    usage: decodeUsage(reply.usage),
    serviceTier: undefined,
    created: undefined,
  }
}

/** Calls come whole and without ids; their parameters are an object. */
export function decodeToolCalls(json: unknown, options: DecodeOptions): readonly ToolCall[] {
  return asList(json).flatMap((element): readonly ToolCall[] => {
    const call: WireToolCall = asObject(element)
    const name = asText(call.name)
    if (name === '') return []
    return [{
      id: `call${options.randomId()}`,
      name: options.names.decode(name),
      arguments: decodeArguments(call.parameters),
    }]
  })
}
