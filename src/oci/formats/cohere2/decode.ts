import * as v from 'valibot'
import type { ChatReply, ToolCall } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { readFinish } from '../response/finish-reason.ts'
import type { DecodeOptions } from '../format.ts'
import { readToolCalls } from '../response/read-message.ts'
import { decodeArguments } from '../response/tool-arguments.ts'
import { decodeUsage } from '../response/usage.ts'
import { decodeCitations, decodeLogprobs, messageOf, readWords } from './read-piece.ts'
import { Cohere2ChatResult, type WireReply } from './wire.ts'

/** Reads a whole answer. One without a message, or ended by an error, is no answer: it throws. */
export function decodeReply(json: unknown, options: DecodeOptions): ChatReply {
  const { success, output, issues } = v.safeParse(Cohere2ChatResult, json)
  if (!success) {
    throw new ApiError('upstream_invalid_response', 'Cannot read the answer: it has no message', {
      cause: new v.ValiError(issues),
    })
  }
  const reply: WireReply = output.chatResponse
  const message = messageOf(reply)
  const toolCalls = readToolCalls(message)
    .filter(({ name }) => name !== '')
    .map((call): ToolCall => ({
      id: call.id || `call${options.randomId()}`,
      name: options.names.decode(call.name),
      arguments: decodeArguments(call.arguments),
    }))
  const choice = {
    index: 0,
    ...readWords(message),
    refusal: '',
    toolCalls,
    annotations: decodeCitations(message),
    logprobs: decodeLogprobs(reply),
    finishReason: readFinish(reply, toolCalls.length, options.onUnknownFinish),
  }
  return {
    choices: [choice],
    usage: decodeUsage(reply.usage),
    serviceTier: undefined,
    created: undefined,
  }
}
