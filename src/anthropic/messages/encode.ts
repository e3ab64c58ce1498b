import { isJsonObject } from '../../json-object.ts'
import { costMember } from '../../chat/cost-member.ts'
import type { ChatReply, Choice, FinishReason, ToolCall, Usage } from '../../chat/model.ts'
import {
  type ContentBlock,
  type Message,
  type ReplyIdentity,
  SIGNATURE,
  STOP_REASONS,
  type StopDetails,
  type StopReason,
  type ToolUseBlock,
  type Usage as WireUsage,
  type UsageCounts,
} from './wire.ts'
import { callName, type Toolset } from './toolsets.ts'

/** Encodes a whole reply as Anthropic's `message`. It has the first choice only. */
export function encodeReply(reply: ChatReply, identity: ReplyIdentity): Message {
  const [choice] = reply.choices
  return {
    ...encodeEmptyMessage(identity, encodeUsage(reply.usage, reply.serviceTier)),
    content: choice ? encodeContent(choice, identity) : [],
    ...encodeStop(choice?.finishReason ?? 'stop', choice?.refusal ?? ''),
  }
}

/** Encodes a message without content, as at the start of a stream. */
export function encodeEmptyMessage({ id, model }: ReplyIdentity, usage: WireUsage): Message {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage,
    container: null,
    context_management: null,
    diagnostics: null,
  }
}

function encodeContent(choice: Choice, { thinking, toolsets = [] }: ReplyIdentity): ContentBlock[] {
  const { text, reasoning, refusal, toolCalls } = choice
  return [
    ...(thinking && reasoning !== ''
      ? [{ type: 'thinking' as const, thinking: reasoning, signature: SIGNATURE }]
      : []),
    ...[text, refusal].filter(Boolean)
      .map((content) => ({ type: 'text' as const, text: content, citations: null })),
    ...toolCalls.map((call) => encodeCall(call, toolsets)),
  ]
}

function encodeCall(
  { id, name, arguments: json }: ToolCall,
  toolsets: readonly Toolset[],
): ToolUseBlock {
  const input = parseInput(json)
  return { type: 'tool_use', id, ...callName(name, toolsets), input, caller: { type: 'direct' } }
}

/**
 * Parses a call's arguments. Text that is not a JSON object is wrapped as Anthropic recommends: the
 * tool rejects it, and the model sees its text in the history. (A stream passes it on unchanged: the
 * client parses it and can detect the fault.)
 */
export function parseInput(json: string): Readonly<Record<string, unknown>> {
  const written = json.trim()
  const value = written === '' ? {} : parse(written)
  return isJsonObject(value) ? value : { INVALID_JSON: written }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

interface Stop {
  stop_reason: StopReason
  stop_sequence: null
  stop_details: StopDetails | null
}

/** Encodes why a reply ended. A reply with a refusal text ended with a refusal. */
export function encodeStop(reason: FinishReason, refusal: string): Stop {
  const stop = refusal === '' ? STOP_REASONS[reason] : 'refusal'
  return {
    stop_reason: stop,
    stop_sequence: null,
    stop_details: stop === 'refusal' ? encodeRefusal(refusal) : null,
  }
}

function encodeRefusal(text: string): StopDetails {
  return {
    type: 'refusal',
    category: null,
    explanation: text || null,
    fallback_credit_token: null,
    fallback_has_prefill_claim: null,
    recommended_model: null,
  }
}

/** Encodes Anthropic's usage. Without usage the counts are 0. */
export function encodeUsage(usage: Usage | undefined, serviceTier: string | undefined): WireUsage {
  return {
    ...encodeCounts(usage),
    cache_creation: null,
    inference_geo: null,
    service_tier: encodeServiceTier(serviceTier),
    speed: null,
  }
}

/** Encodes the counts that the end of a stream repeats. */
export function encodeCounts(usage: Usage | undefined): UsageCounts {
  const cached = usage?.cached
  return {
    input_tokens: Math.max(0, (usage?.prompt ?? 0) - (cached ?? 0)),
    cache_creation_input_tokens: null,
    cache_read_input_tokens: cached ?? null,
    output_tokens: usage?.completion ?? 0,
    output_tokens_details: usage?.reasoning === undefined
      ? null
      : { thinking_tokens: usage.reasoning },
    server_tool_use: null,
    iterations: null,
    fallback_credit: null,
    ...(usage && costMember(usage)),
  }
}

function encodeServiceTier(tier: string | undefined): WireUsage['service_tier'] {
  if (tier === 'default') return 'standard'
  return tier === 'priority' ? 'priority' : null
}
