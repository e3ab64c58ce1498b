import * as v from 'valibot'
import { Count, Finite, JsonObject, ModelName, NonEmptyText, Whole } from '../../request-fields.ts'

const TextPart = v.object({ type: v.literal('text'), text: v.string() })
const RefusalPart = v.object({ type: v.literal('refusal'), refusal: v.string() })
const Address = v.union([v.string(), v.object({ url: v.string() })])
const ContentPart = v.variant('type', [
  TextPart,
  v.object({ type: v.literal('image_url'), image_url: Address }),
  v.object({ type: v.literal('video_url'), video_url: Address }),
  v.object({
    type: v.literal('input_audio'),
    input_audio: v.object({ data: v.string(), format: v.string() }),
  }),
  v.object({
    type: v.literal('file'),
    file: v.object({ file_data: v.nullish(v.string()), file_id: v.nullish(v.string()) }),
  }),
])
export type ContentPart = v.InferOutput<typeof ContentPart>

const TextContent = v.union([v.string(), v.array(TextPart)])
const Content = v.union([v.string(), v.array(ContentPart)])
const AssistantContent = v.union([v.string(), v.array(v.variant('type', [TextPart, RefusalPart]))])
const Arguments = v.union([v.string(), JsonObject])

const ToolCall = v.object({
  id: v.nullish(v.string(), ''),
  function: v.object({ name: v.string(), arguments: v.nullish(Arguments, '') }),
})

export const ChatMessage = v.variant('role', [
  v.object({
    role: v.picklist(['system', 'developer']),
    content: TextContent,
    name: v.nullish(v.string()),
  }),
  v.object({ role: v.literal('user'), content: v.nullish(Content), name: v.nullish(v.string()) }),
  v.object({
    role: v.literal('assistant'),
    content: v.nullish(AssistantContent),
    refusal: v.nullish(v.string()),
    name: v.nullish(v.string()),
    tool_calls: v.nullish(v.array(ToolCall)),
    function_call: v.nullish(v.object({ name: v.string(), arguments: v.nullish(Arguments, '') })),
    /** Clients send reasoning back under the name that the stream used. */
    reasoning_content: v.optional(v.unknown()),
    reasoning: v.optional(v.unknown()),
    reasoning_text: v.optional(v.unknown()),
  }),
  v.object({
    role: v.literal('tool'),
    content: v.nullish(Content),
    tool_call_id: v.nullish(v.string(), ''),
  }),
  v.object({ role: v.literal('function'), name: v.string(), content: v.nullish(Content) }),
])
export type ChatMessage = v.InferOutput<typeof ChatMessage>

const FunctionTool = v.object({
  name: NonEmptyText,
  description: v.nullish(v.string()),
  parameters: v.nullish(JsonObject),
  strict: v.nullish(v.boolean()),
})
const Tool = v.variant('type', [
  v.object({ type: v.literal('function'), function: FunctionTool }),
  v.object({ type: v.pipe(v.string(), v.notValue('function')) }),
])
export type ToolDefinition = v.InferOutput<typeof Tool>

const NamedFunction = v.object({
  type: v.literal('function'),
  function: v.object({ name: v.string() }),
})
const ToolChoice = v.union([
  v.picklist(['auto', 'none', 'required']),
  v.variant('type', [
    NamedFunction,
    v.object({
      type: v.literal('allowed_tools'),
      allowed_tools: v.object({
        mode: v.picklist(['auto', 'required']),
        tools: v.array(NamedFunction),
      }),
    }),
  ]),
], 'must be "auto", "none", "required", or an object that names a function')

const ResponseFormat = v.variant('type', [
  v.object({ type: v.literal('text') }),
  v.object({ type: v.literal('json_object') }),
  v.object({
    type: v.literal('json_schema'),
    json_schema: v.object({
      name: v.nullish(v.string()),
      description: v.nullish(v.string()),
      schema: v.nullish(JsonObject),
      strict: v.nullish(v.boolean()),
    }),
  }),
])

const Place = v.nullish(v.string())
const WebSearchOptions = v.object({
  search_context_size: v.nullish(v.picklist(['low', 'medium', 'high'])),
  user_location: v.nullish(v.object({
    approximate: v.nullish(
      v.object({ city: Place, region: Place, country: Place, timezone: Place }),
    ),
  })),
})

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const

/** The members of `POST /v1/chat/completions` that are read. Others are kept for warnings. */
export const ChatCompletionRequest = v.looseObject({
  model: ModelName,
  messages: v.pipe(
    v.array(ChatMessage, 'must be a list of messages'),
    v.minLength(1, 'must not be empty'),
  ),
  stream: v.nullish(v.boolean(), false),
  stream_options: v.nullish(v.object({ include_usage: v.nullish(v.boolean()) })),
  max_tokens: v.nullish(Count),
  max_completion_tokens: v.nullish(Count),
  temperature: v.nullish(Finite),
  top_p: v.nullish(Finite),
  top_k: v.nullish(Whole),
  frequency_penalty: v.nullish(Finite),
  presence_penalty: v.nullish(Finite),
  seed: v.nullish(Whole),
  stop: v.nullish(
    v.union([v.string(), v.array(v.string())], 'must be a string or a list of strings'),
  ),
  n: v.nullish(Count),
  logprobs: v.nullish(v.boolean()),
  top_logprobs: v.nullish(v.pipe(Whole, v.minValue(0), v.maxValue(20))),
  // A record alone accepts an array.
  logit_bias: v.nullish(v.pipe(JsonObject, v.record(v.string(), Finite))),
  tools: v.nullish(v.array(Tool)),
  tool_choice: v.nullish(ToolChoice),
  parallel_tool_calls: v.nullish(v.boolean()),
  response_format: v.nullish(ResponseFormat),
  reasoning_effort: v.nullish(v.picklist(EFFORTS)),
  verbosity: v.nullish(v.picklist(['low', 'medium', 'high'])),
  prediction: v.nullish(v.object({ type: v.literal('content'), content: TextContent })),
  web_search_options: v.nullish(WebSearchOptions),
  metadata: v.nullish(JsonObject),
  service_tier: v.nullish(v.string()),
  /** From Cohere's API: sources that the reply may cite. */
  documents: v.nullish(v.array(v.union([v.string(), JsonObject]))),
})

const { model, stream } = ChatCompletionRequest.entries

/** The members that are read of every request, before it is relayed or translated. */
export const ChatRoutingFields = v.looseObject({ model, stream })
export type ChatCompletionRequest = v.InferOutput<typeof ChatCompletionRequest>
