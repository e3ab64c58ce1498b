import * as v from 'valibot'
import type { Annotation, ChatReply, ToolCall } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { asObject } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { renameUsage } from '../openai/usage.ts'
import { decodeArguments } from '../response/tool-arguments.ts'
import { decodeUsage } from '../response/usage.ts'
import { readEnd } from './read-end.ts'
import {
  readAnnotations,
  type ReadCall,
  type ReadItem,
  readItem,
  readLogprobs,
  THOUGHT_BREAK,
} from './read-item.ts'
import { ResponseObject, type WireItem } from './wire.ts'

/** Reads a whole answer. One without output, or that failed, is no answer: it throws. */
export function decodeReply(json: unknown, options: DecodeOptions): ChatReply {
  const { success, output, issues } = v.safeParse(ResponseObject, json)
  if (!success) {
    throw new ApiError('upstream_invalid_response', 'Cannot read the answer: it has no output', {
      cause: new v.ValiError(issues),
    })
  }
  const items = output.output.map((item): WireItem => asObject(item))
  const read = items.map(readItem)
  const toolCalls = read.flatMap(({ call }) => call && call.name !== '' ? [call] : [])
    .map((call) => decodeCall(call, options))
  const choice = {
    index: 0,
    text: read.map(({ text }) => text).join(''),
    reasoning: read.map(({ reasoning }) => reasoning).filter(Boolean).join(THOUGHT_BREAK),
    refusal: read.map(({ refusal }) => refusal).join(''),
    toolCalls,
    annotations: annotationsOf(items, read),
    logprobs: items.flatMap((item) => readLogprobs(item, options.alternatives)),
    finishReason: readEnd(json, toolCalls.length, options),
  }
  return {
    choices: [choice],
    usage: decodeUsage(renameUsage(output.usage)),
    serviceTier: output.service_tier?.toLowerCase() || undefined,
    created: output.created_at,
  }
}

/** The sources of all items, whose texts follow each other in the answer's. */
function annotationsOf(
  items: readonly WireItem[],
  read: readonly ReadItem[],
): readonly Annotation[] {
  let start = 0
  return items.flatMap((item, at) => {
    const annotations = readAnnotations(item, start)
    start += read[at]?.text.length ?? 0
    return annotations
  })
}

function decodeCall(call: ReadCall, { names, randomId }: DecodeOptions): ToolCall {
  return {
    id: call.id || `call${randomId()}`,
    name: names.decode(call.name),
    arguments: decodeArguments(call.arguments),
  }
}
