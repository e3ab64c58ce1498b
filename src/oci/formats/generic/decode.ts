import * as v from 'valibot'
import type { ChatReply, Choice, ToolCall } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { readFinish } from '../response/finish-reason.ts'
import { asObject, asText } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { readText, readToolCalls } from '../response/read-message.ts'
import { decodeArguments } from '../response/tool-arguments.ts'
import { decodeUsage } from '../response/usage.ts'
import { decodeAnnotations } from './annotations.ts'
import { decodeLogprobs } from './logprobs.ts'
import { messageOf } from './message-of.ts'
import { ChatResult, type WireChoice } from './wire.ts'

/** Reads a whole answer. One without choices, or ended by an error, is no answer: it throws. */
export function decodeReply(json: unknown, options: DecodeOptions): ChatReply {
  const { success, output, issues } = v.safeParse(ChatResult, json)
  if (!success) {
    throw new ApiError('upstream_invalid_response', 'Cannot read the answer: it has no choices', {
      cause: new v.ValiError(issues),
    })
  }
  const { choices: elements, usage, serviceTier, timeCreated } = output.chatResponse
  const choices = elements.map((element): WireChoice => asObject(element))
  const last = choices.at(-1)
  return {
    choices: choices.map((choice, index) => decodeChoice(choice, index, options)),
    usage: decodeUsage(usage) ?? decodeUsage(last?.usage),
    serviceTier: (serviceTier || asText(last?.serviceTier)).toLowerCase() || undefined,
    created: decodeTime(timeCreated),
  }
}

function decodeChoice(choice: WireChoice, index: number, options: DecodeOptions): Choice {
  const message = messageOf(choice)
  const toolCalls = readToolCalls(message)
    .filter(({ name }) => name !== '')
    .map((call): ToolCall => {
      const id = call.id || `call${options.randomId()}`
      if (call.signature !== '') options.signatures?.record(id, call.signature)
      return {
        id,
        name: options.names.decode(call.name),
        arguments: decodeArguments(call.arguments),
      }
    })
  return {
    index,
    ...readText(message),
    toolCalls,
    annotations: decodeAnnotations(choice),
    logprobs: decodeLogprobs(choice.logprobs, options.alternatives),
    finishReason: readFinish(choice, toolCalls.length, options.onUnknownFinish),
  }
}

function decodeTime(time: string | number | undefined): number | undefined {
  const seconds = typeof time === 'string' ? Date.parse(time) / 1000 : time ?? NaN
  return Number.isFinite(seconds) ? Math.floor(seconds) : undefined
}
