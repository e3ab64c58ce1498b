import * as v from 'valibot'
import type { ChatReply, Choice, TokenLogprob, ToolCall } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { readFinish } from '../response/finish-reason.ts'
import { asObject } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { decodeOpenAiAnnotations } from '../openai/annotations.ts'
import { decodeOpenAiLogprobs } from '../openai/logprobs.ts'
import { renameUsage } from '../openai/usage.ts'
import { decodeArguments } from '../response/tool-arguments.ts'
import { decodeUsage } from '../response/usage.ts'
import { messageOf, readCalls, readWords } from './read-message.ts'
import { ChatCompletion, type WireChoice } from './wire.ts'

/** Reads a whole answer. One without choices, or ended by an error, is no answer: it throws. */
export function decodeReply(json: unknown, options: DecodeOptions): ChatReply {
  const { success, output, issues } = v.safeParse(ChatCompletion, json)
  if (!success) {
    throw new ApiError('upstream_invalid_response', 'Cannot read the answer: it has no choices', {
      cause: new v.ValiError(issues),
    })
  }
  const { choices, usage, service_tier: serviceTier, created } = output
  return {
    choices: choices.map((choice, index) => decodeChoice(asObject(choice), index, options)),
    usage: decodeUsage(renameUsage(usage)),
    serviceTier: serviceTier?.toLowerCase() || undefined,
    created,
  }
}

function decodeChoice(choice: WireChoice, index: number, options: DecodeOptions): Choice {
  const message = messageOf(choice)
  const toolCalls = readCalls(message)
    .filter(({ name }) => name !== '')
    .map((call): ToolCall => ({
      id: call.id || `call${options.randomId()}`,
      name: options.names.decode(call.name),
      arguments: decodeArguments(call.arguments),
    }))
  const finish = { finishReason: choice.finish_reason }
  return {
    index,
    ...readWords(message),
    toolCalls,
    annotations: decodeOpenAiAnnotations(message.annotations),
    logprobs: readLogprobs(choice, options),
    finishReason: readFinish(finish, toolCalls.length, options.onUnknownFinish),
  }
}

/** The tokens of a choice or of a piece of one. */
export function readLogprobs(
  { logprobs }: WireChoice,
  { alternatives }: DecodeOptions,
): readonly TokenLogprob[] {
  const { content }: { content?: unknown } = asObject(logprobs)
  return content ? decodeOpenAiLogprobs(content, alternatives) : []
}
