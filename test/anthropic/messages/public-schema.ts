/**
 * The exact members and types of what the gateway sends to clients. Types below prove at compile time
 * that the official client expects the same.
 */
import type Anthropic from '@anthropic-ai/sdk'
import * as v from 'valibot'

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const Name = v.pipe(v.string(), v.nonEmpty())
const ErrorType = v.picklist([
  ...['invalid_request_error', 'authentication_error', 'permission_error'] as const,
  ...['not_found_error', 'rate_limit_error', 'timeout_error'] as const,
  ...['api_error', 'overloaded_error'] as const,
])

const counts = {
  input_tokens: Count,
  cache_creation_input_tokens: v.null(),
  cache_read_input_tokens: v.nullable(Count),
  output_tokens: Count,
  output_tokens_details: v.nullable(v.strictObject({ thinking_tokens: Count })),
  server_tool_use: v.null(),
  iterations: v.null(),
  fallback_credit: v.null(),
}
const Usage = v.strictObject({
  ...counts,
  cache_creation: v.null(),
  inference_geo: v.null(),
  service_tier: v.nullable(v.picklist(['standard', 'priority'])),
  speed: v.null(),
})

const Caller = v.strictObject({ type: v.literal('direct') })
const ContentBlock = v.variant('type', [
  v.strictObject({ type: v.literal('thinking'), thinking: v.string(), signature: v.string() }),
  v.strictObject({ type: v.literal('text'), text: v.string(), citations: v.null() }),
  v.strictObject({
    type: v.literal('tool_use'),
    id: v.string(),
    name: v.string(),
    toolset_name: v.exactOptional(v.picklist(['computer', 'browser'])),
    input: v.record(v.string(), v.unknown()),
    caller: Caller,
  }),
])
export type ContentBlock = v.InferOutput<typeof ContentBlock>

const StopReason = v.picklist(['end_turn', 'max_tokens', 'tool_use', 'refusal'])
const stop = {
  stop_sequence: v.null(),
  stop_details: v.nullable(v.strictObject({
    type: v.literal('refusal'),
    category: v.null(),
    explanation: v.nullable(Name),
    fallback_credit_token: v.null(),
    fallback_has_prefill_claim: v.null(),
    recommended_model: v.null(),
  })),
  container: v.null(),
}
const opening = {
  id: Name,
  type: v.literal('message'),
  role: v.literal('assistant'),
  model: Name,
  usage: Usage,
  ...stop,
  context_management: v.null(),
  diagnostics: v.null(),
}

/** A whole message. */
export const Message = v.strictObject({
  ...opening,
  content: v.array(ContentBlock),
  stop_reason: StopReason,
})
export type Message = v.InferOutput<typeof Message>

const Delta = v.variant('type', [
  v.strictObject({ type: v.literal('text_delta'), text: Name }),
  v.strictObject({ type: v.literal('thinking_delta'), thinking: Name }),
  v.strictObject({ type: v.literal('signature_delta'), signature: Name }),
  v.strictObject({ type: v.literal('input_json_delta'), partial_json: Name }),
])

/** An event of a stream. The official client has no types of `ping` and `error`. */
export const StreamEvent = v.variant('type', [
  v.strictObject({
    type: v.literal('message_start'),
    message: v.strictObject({
      ...opening,
      content: v.pipe(v.array(ContentBlock), v.empty()),
      stop_reason: v.null(),
    }),
  }),
  v.strictObject({
    type: v.literal('content_block_start'),
    index: Count,
    content_block: ContentBlock,
  }),
  v.strictObject({ type: v.literal('content_block_delta'), index: Count, delta: Delta }),
  v.strictObject({ type: v.literal('content_block_stop'), index: Count }),
  v.strictObject({
    type: v.literal('message_delta'),
    delta: v.strictObject({ ...stop, stop_reason: StopReason }),
    usage: v.strictObject(counts),
    context_management: v.null(),
  }),
  v.strictObject({ type: v.literal('message_stop') }),
])
export type StreamEvent = v.InferOutput<typeof StreamEvent>

/** An error. `request_too_large` is documented, but missing in the official client's types. */
export const ErrorBody = v.strictObject({
  type: v.literal('error'),
  error: v.strictObject({
    type: v.union([ErrorType, v.literal('request_too_large')]),
    message: Name,
  }),
  request_id: v.nullable(Name),
})
export type ErrorBody = v.InferOutput<typeof ErrorBody>

type Fits<Ours, Theirs> = [Ours] extends [Theirs] ? true : false
type AllTrue<Facts extends readonly true[]> = Facts['length']
type Beta = Anthropic.Beta.Messages.BetaMessage
type BetaEvent = Anthropic.Beta.Messages.BetaRawMessageStreamEvent
type BetaDelta = Anthropic.Beta.Messages.BetaRawContentBlockDelta
type DeltaEvent = Extract<StreamEvent, { type: 'content_block_delta' }>

export type Proven = AllTrue<[
  Fits<Message, Anthropic.Message>,
  Fits<Message, Beta>,
  Fits<StreamEvent, Anthropic.RawMessageStreamEvent>,
  Fits<Exclude<StreamEvent, DeltaEvent>, BetaEvent>,
  // The running count of thinking tokens is part of a beta.
  Fits<Exclude<DeltaEvent['delta'], { type: 'thinking_delta' }>, BetaDelta>,
  Fits<v.InferOutput<typeof ErrorType>, Anthropic.ErrorType>,
  Fits<Omit<ErrorBody, 'error'>, Omit<Anthropic.ErrorResponse, 'error'>>,
  Fits<{ type: 'overloaded_error'; message: string }, Anthropic.ErrorObject>,
]>
