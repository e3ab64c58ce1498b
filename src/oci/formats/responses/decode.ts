import type { Annotation, ChatReply } from '../../../chat/model.ts'
import { asObject } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { renameUsage } from '../openai/usage.ts'
import { decodeToolCalls, parseReply } from '../response/decode-reply.ts'
import { decodeUsage } from '../response/usage.ts'
import { readEnd } from './read-end.ts'
import {
  readAnnotations,
  type ReadItem,
  readItem,
  readLogprobs,
  REASONING_SEPARATOR,
} from './read-item.ts'
import { ResponseObject, type WireItem } from './wire.ts'

/** Decodes a complete response. Throws when it has no output or its status is not final. */
export function decodeReply(json: unknown, options: DecodeOptions): ChatReply {
  const response = parseReply(ResponseObject, json, 'output')
  const items = response.output.map((item): WireItem => asObject(item))
  const read = items.map(readItem)
  const toolCalls = decodeToolCalls(read.flatMap(({ call }) => call ?? []), options)
  const choice = {
    index: 0,
    text: read.map(({ text }) => text).join(''),
    reasoning: read.map(({ reasoning }) => reasoning).filter(Boolean).join(REASONING_SEPARATOR),
    refusal: read.map(({ refusal }) => refusal).join(''),
    toolCalls,
    annotations: annotationsOf(items, read),
    logprobs: items.flatMap((item) => readLogprobs(item, options.alternatives)),
    finishReason: readEnd(json, toolCalls.length, options),
  }
  return {
    choices: [choice],
    usage: decodeUsage(renameUsage(response.usage)),
    serviceTier: response.service_tier?.toLowerCase() || undefined,
    created: response.created_at,
  }
}

/** Decodes the sources of all items; positions count from the start of the joined text. */
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
