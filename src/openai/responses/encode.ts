import type { ChatReply, Choice, FinishReason, Usage } from '../../chat/model.ts'
import { encodeServiceTier } from '../chat/wire.ts'
import { itemId, type ResponseIdentity } from './identity.ts'
import { CALL_PREFIXES, callItem, messageItem, reasoningItem, textPart } from './output.ts'
import type { ToolNameMap } from './tool-name-map.ts'
import type {
  MessagePart,
  OutputItem,
  ResponseEcho,
  ResponseObject,
  ResponseState,
  ResponseUsage,
} from './wire.ts'

/** What all that is told of one response has in common. */
export interface ResponseFrame {
  identity: ResponseIdentity
  echo: ResponseEcho
  book: ToolNameMap
  /** Milliseconds since the epoch. */
  now(): number
}

/** Writes a whole answer as OpenAI's `response`; of several choices the first. */
export function encodeReply(reply: ChatReply, frame: ResponseFrame): ResponseObject {
  const { identity } = frame
  const [choice] = reply.choices
  const reason = choice?.finishReason ?? 'stop'
  const told = { ...frame, identity: { ...identity, created: reply.created ?? identity.created } }
  return encodeResponse(told, {
    ...endOf(reason, frame),
    output: choice ? encodeOutput(choice, frame) : [],
    ...accountOf(reply.usage, reply.serviceTier),
  })
}

/** The `response` in any state. */
export function encodeResponse(
  { identity: { id, created, model }, echo }: ResponseFrame,
  state: ResponseState,
): ResponseObject {
  return { id, object: 'response', created_at: created, model, ...state, ...echo }
}

type End = Pick<ResponseState, 'status' | 'completed_at' | 'error' | 'incomplete_details'>

/** How a response stands when the model has ended for this reason. */
export function endOf(reason: FinishReason, { now }: ResponseFrame): End {
  switch (reason) {
    case 'stop':
    case 'tool-calls': {
      const completed_at = Math.floor(now() / 1000)
      return { status: 'completed', completed_at, error: null, incomplete_details: null }
    }
    case 'length':
      return { ...CUT, incomplete_details: { reason: 'max_output_tokens' } }
    case 'content-filter':
      return { ...CUT, incomplete_details: { reason: 'content_filter' } }
  }
}

const CUT = { status: 'incomplete', completed_at: null, error: null } as const

/** Whether an answer ended before it was complete. */
export function isCut(reason: FinishReason): boolean {
  return reason === 'length' || reason === 'content-filter'
}

/** What a response cost, and how it was served. */
export function accountOf(
  usage: Usage | undefined,
  serviceTier: string | undefined,
): Pick<ResponseState, 'usage' | 'service_tier'> {
  return {
    usage: usage ? encodeUsage(usage) : null,
    service_tier: encodeServiceTier(serviceTier) ?? 'default',
  }
}

/** Thoughts, words, calls; the last item is the one that was cut, if any was. */
function encodeOutput(choice: Choice, { identity: { id }, book }: ResponseFrame): OutputItem[] {
  const { reasoning, toolCalls, finishReason } = choice
  const before = reasoning === '' ? [] : [reasoningItem(itemId('rs', id, 0), reasoning)]
  const parts = encodeParts(choice)
  const words = parts.length === 0 ? [] : [{ at: before.length, parts }]
  const items = before.length + words.length + toolCalls.length
  const statusAt = (at: number) =>
    isCut(finishReason) && at === items - 1 ? 'incomplete' : 'completed'
  return [
    ...before,
    ...words.map(({ at, parts }) => messageItem(itemId('msg', id, at), parts, statusAt(at))),
    ...toolCalls.map((call, index) => {
      const at = before.length + words.length + index
      const tool = book.encode(call.name)
      return callItem(itemId(CALL_PREFIXES[tool.type], id, at), call, tool, statusAt(at))
    }),
  ]
}

/** An answer of nothing is an empty text, unless it was cut before it came to that. */
function encodeParts(choice: Choice): MessagePart[] {
  const { text, refusal, annotations, logprobs, toolCalls, finishReason } = choice
  const isTold = text !== '' || annotations.length > 0 || logprobs.length > 0
  const isEmpty = refusal === '' && toolCalls.length === 0 && !isCut(finishReason)
  return [
    ...(isTold || isEmpty ? [textPart(text, annotations, logprobs)] : []),
    ...(refusal === '' ? [] : [{ type: 'refusal' as const, refusal }]),
  ]
}

/** OpenAI's usage; strict clients want every count. */
function encodeUsage({ prompt, completion, total, cached, reasoning }: Usage): ResponseUsage {
  return {
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: cached ?? 0, cache_write_tokens: 0 },
    output_tokens: completion,
    output_tokens_details: { reasoning_tokens: reasoning ?? 0 },
    total_tokens: total,
  }
}
