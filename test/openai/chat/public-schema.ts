/**
 * The exact members and types of what the gateway sends to clients. Types below prove at compile time
 * that the official client expects the same.
 */
import type OpenAI from 'openai'
import * as v from 'valibot'

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const Name = v.pipe(v.string(), v.nonEmpty())
const FinishReason = v.picklist(['stop', 'length', 'tool_calls', 'content_filter'])
const ServiceTier = v.picklist(['auto', 'default', 'flex', 'scale', 'priority'])

const Usage = v.strictObject({
  prompt_tokens: Count,
  completion_tokens: Count,
  total_tokens: Count,
  prompt_tokens_details: v.exactOptional(v.strictObject({ cached_tokens: Count })),
  completion_tokens_details: v.exactOptional(v.strictObject({
    reasoning_tokens: v.exactOptional(Count),
    accepted_prediction_tokens: v.exactOptional(Count),
    rejected_prediction_tokens: v.exactOptional(Count),
  })),
})

const Token = {
  token: v.string(),
  logprob: v.pipe(v.number(), v.finite()),
  bytes: v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255))),
}
const Logprobs = v.strictObject({
  content: v.array(v.strictObject({ ...Token, top_logprobs: v.array(v.strictObject(Token)) })),
  refusal: v.null(),
})

const Annotation = v.strictObject({
  type: v.literal('url_citation'),
  url_citation: v.strictObject({
    url: v.string(),
    title: v.string(),
    start_index: Count,
    end_index: Count,
  }),
})

const ToolCall = v.strictObject({
  id: v.string(),
  type: v.literal('function'),
  function: v.strictObject({ name: v.string(), arguments: v.string() }),
})

const Head = { id: Name, created: Count, model: Name, service_tier: v.exactOptional(ServiceTier) }

/** A whole reply. */
export const Completion = v.strictObject({
  ...Head,
  object: v.literal('chat.completion'),
  choices: v.pipe(
    v.array(v.strictObject({
      index: Count,
      message: v.strictObject({
        role: v.literal('assistant'),
        content: v.nullable(v.string()),
        refusal: v.nullable(v.string()),
        reasoning_content: v.exactOptional(Name),
        tool_calls: v.exactOptional(v.pipe(v.array(ToolCall), v.nonEmpty())),
        annotations: v.exactOptional(v.pipe(v.array(Annotation), v.nonEmpty())),
      }),
      logprobs: v.nullable(Logprobs),
      finish_reason: FinishReason,
    })),
    v.nonEmpty(),
  ),
  usage: v.exactOptional(Usage),
})
export type Completion = v.InferOutput<typeof Completion>

/** The first delta of a call has its tool, the others have its arguments. */
const ToolCallDelta = v.union([
  v.strictObject({ ...ToolCall.entries, index: Count }),
  v.strictObject({ index: Count, function: v.strictObject({ arguments: v.string() }) }),
])

/** One chunk of a reply. */
export const Chunk = v.strictObject({
  ...Head,
  object: v.literal('chat.completion.chunk'),
  choices: v.array(v.strictObject({
    index: Count,
    delta: v.strictObject({
      role: v.exactOptional(v.literal('assistant')),
      content: v.exactOptional(v.string()),
      refusal: v.exactOptional(v.string()),
      reasoning_content: v.exactOptional(v.string()),
      tool_calls: v.exactOptional(v.pipe(v.array(ToolCallDelta), v.nonEmpty())),
      annotations: v.exactOptional(v.array(Annotation)),
    }),
    logprobs: v.nullable(Logprobs),
    finish_reason: v.nullable(FinishReason),
  })),
  usage: v.exactOptional(v.nullable(Usage)),
})
export type Chunk = v.InferOutput<typeof Chunk>

/** An error, as a response or as the last event of a stream. */
export const ErrorBody = v.strictObject({
  error: v.strictObject({
    message: Name,
    type: v.picklist([
      ...['invalid_request_error', 'authentication_error', 'permission_error'] as const,
      ...['not_found_error', 'rate_limit_error', 'api_error', 'timeout_error'] as const,
      'insufficient_quota',
    ]),
    param: v.nullable(v.string()),
    code: Name,
  }),
})
export type ErrorBody = v.InferOutput<typeof ErrorBody>

export const Model = v.strictObject({
  id: Name,
  object: v.literal('model'),
  created: Count,
  owned_by: Name,
  root: v.exactOptional(Name),
  context_length: v.exactOptional(Count),
  context_window: v.exactOptional(Count),
  max_model_len: v.exactOptional(Count),
  meta: v.exactOptional(v.strictObject({ n_ctx_train: Count })),
  max_output_tokens: v.exactOptional(Count),
  architecture: v.strictObject({
    input_modalities: v.array(Name),
    output_modalities: v.array(v.picklist(['text', 'embeddings'])),
  }),
  capabilities: v.strictObject({
    chat: v.boolean(),
    embeddings: v.boolean(),
    rerank: v.boolean(),
    tools: v.boolean(),
    reasoning: v.boolean(),
    vision: v.boolean(),
    streaming: v.boolean(),
  }),
  retired: v.optional(v.literal(true)),
  on_demand_until: v.optional(v.number()),
})

export const ModelList = v.strictObject({ object: v.literal('list'), data: v.array(Model) })
export type ModelList = v.InferOutput<typeof ModelList>

/** `true` when the official client's type accepts ours. */
type Fits<Ours, Theirs> = [Ours] extends [Theirs] ? true : false

type AllTrue<Facts extends readonly true[]> = Facts['length']

export type Proven = AllTrue<[
  Fits<Completion, OpenAI.ChatCompletion>,
  Fits<Chunk, OpenAI.ChatCompletionChunk>,
  Fits<ErrorBody['error'], OpenAI.ErrorObject>,
  Fits<ModelList['data'][number], OpenAI.Model>,
]>
