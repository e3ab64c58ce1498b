import { costMember } from '../../chat/cost-member.ts'
import type { ChatReply, Choice, FinishReason, Usage } from '../../chat/model.ts'
import { encodeServiceTier } from '../chat/wire.ts'
import { CALL_PREFIXES, callItem } from './call-item.ts'
import { itemId, type ResponseIdentity } from './identity.ts'
import { messageItem, reasoningItem, textPart } from './output.ts'
import type { ToolNameMap } from './tool-name-map.ts'
import type {
  MessagePart,
  OutputItem,
  ResponseEcho,
  ResponseObject,
  ResponseState,
  ResponseUsage,
} from './wire.ts'

/** What the encoders of one response share. */
export interface ResponseFrame {
  identity: ResponseIdentity
  echo: ResponseEcho
  toolNames: ToolNameMap
  /** Milliseconds since the epoch. */
  now(): number
}

/** Encodes a whole reply as OpenAI's `response`. It has the first choice only. */
export function encodeReply(reply: ChatReply, frame: ResponseFrame): ResponseObject {
  const { identity } = frame
  const [choice] = reply.choices
  const reason = choice?.finishReason ?? 'stop'
  const dated = { ...frame, identity: { ...identity, created: reply.created ?? identity.created } }
  return encodeResponse(dated, {
    ...endState(reason, frame),
    output: choice ? encodeOutput(choice, frame) : [],
    ...usageState(reply.usage, reply.serviceTier),
  })
}

/** Encodes a `response` in any state. */
export function encodeResponse(
  { identity: { id, created, model }, echo }: ResponseFrame,
  state: ResponseState,
): ResponseObject {
  return { id, object: 'response', created_at: created, model, ...state, ...echo }
}

/** The state of a response that has begun. */
export const IN_PROGRESS: ResponseState = {
  status: 'in_progress',
  completed_at: null,
  error: null,
  incomplete_details: null,
  output: [],
  service_tier: 'auto',
  usage: null,
}

type End = Pick<ResponseState, 'status' | 'completed_at' | 'error' | 'incomplete_details'>

/** The state of a response after this finish reason. */
export function endState(reason: FinishReason, { now }: ResponseFrame): End {
  switch (reason) {
    case 'stop':
    case 'tool-calls': {
      const completed_at = Math.floor(now() / 1000)
      return { status: 'completed', completed_at, error: null, incomplete_details: null }
    }
    case 'length':
      return { ...INCOMPLETE, incomplete_details: { reason: 'max_output_tokens' } }
    case 'content-filter':
      return { ...INCOMPLETE, incomplete_details: { reason: 'content_filter' } }
  }
}

const INCOMPLETE = { status: 'incomplete', completed_at: null, error: null } as const

/** Whether a reply ended before it was complete. */
export function isTruncated(reason: FinishReason): boolean {
  return reason === 'length' || reason === 'content-filter'
}

/** The usage and service tier of a response. */
export function usageState(
  usage: Usage | undefined,
  serviceTier: string | undefined,
): Pick<ResponseState, 'usage' | 'service_tier'> {
  return {
    usage: usage ? encodeUsage(usage) : null,
    service_tier: encodeServiceTier(serviceTier) ?? 'default',
  }
}

/** Encodes reasoning, message and calls. The last item of a truncated reply is incomplete. */
function encodeOutput(
  choice: Choice,
  { identity: { id }, toolNames }: ResponseFrame,
): OutputItem[] {
  const { reasoning, toolCalls, finishReason } = choice
  const before = reasoning === '' ? [] : [reasoningItem(itemId('rs', id, 0), reasoning)]
  const parts = encodeParts(choice)
  const message = parts.length === 0 ? [] : [{ at: before.length, parts }]
  const items = before.length + message.length + toolCalls.length
  const statusAt = (at: number) =>
    isTruncated(finishReason) && at === items - 1 ? 'incomplete' : 'completed'
  return [
    ...before,
    ...message.map(({ at, parts }) => messageItem(itemId('msg', id, at), parts, statusAt(at))),
    ...toolCalls.map((call, index) => {
      const at = before.length + message.length + index
      const tool = toolNames.encode(call.name)
      return callItem(itemId(CALL_PREFIXES[tool.type], id, at), call, tool, statusAt(at))
    }),
  ]
}

/** An empty reply becomes an empty text, unless it was truncated. */
function encodeParts(choice: Choice): MessagePart[] {
  const { text, refusal, annotations, logprobs, toolCalls, finishReason } = choice
  const hasText = text !== '' || annotations.length > 0 || logprobs.length > 0
  const isEmpty = refusal === '' && toolCalls.length === 0 && !isTruncated(finishReason)
  return [
    ...(hasText || isEmpty ? [textPart(text, annotations, logprobs)] : []),
    ...(refusal === '' ? [] : [{ type: 'refusal' as const, refusal }]),
  ]
}

/** Encodes OpenAI's usage with every count, since strict clients require them. */
function encodeUsage(usage: Usage): ResponseUsage {
  const { prompt, completion, total, cached, reasoning } = usage
  return {
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: cached ?? 0, cache_write_tokens: 0 },
    output_tokens: completion,
    output_tokens_details: { reasoning_tokens: reasoning ?? 0 },
    total_tokens: total,
    ...costMember(usage),
  }
}
