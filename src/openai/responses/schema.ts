import * as v from 'valibot'
import { EFFORTS } from '../../chat/levels.ts'
import { JsonObject, NonEmptyText } from '../../request-fields.ts'
import { ChatCompletionRequest } from '../chat/schema.ts'

const { model, stream, temperature, top_p, top_logprobs, parallel_tool_calls } =
  ChatCompletionRequest.entries
const { verbosity, metadata, service_tier, max_completion_tokens } = ChatCompletionRequest.entries

/** The members of every `POST /v1/responses` that are read, relayed or translated. */
export const ResponsesRequest = v.looseObject({ model, stream })
export type ResponsesRequest = v.InferOutput<typeof ResponsesRequest>

const FunctionTool = v.object({
  type: v.literal('function'),
  name: NonEmptyText,
  description: v.nullish(v.string()),
  parameters: v.nullish(JsonObject),
  strict: v.nullish(v.boolean()),
})
const CustomTool = v.object({
  type: v.literal('custom'),
  name: NonEmptyText,
  description: v.nullish(v.string()),
  format: v.nullish(v.object({
    type: v.string(),
    syntax: v.nullish(v.string()),
    definition: v.nullish(v.string()),
  })),
})
/** A tool with a type of its own, which the client or OpenAI executes. */
const OtherTool = v.looseObject({
  type: v.pipe(v.string(), v.regex(/^(?!(function|custom|namespace)$)/)),
})
const NamespaceTool = v.object({
  type: v.literal('namespace'),
  name: NonEmptyText,
  description: v.nullish(v.string()),
  tools: v.array(v.variant('type', [FunctionTool, CustomTool, OtherTool])),
})
export const ToolDefinition = v.variant('type', [
  FunctionTool,
  CustomTool,
  NamespaceTool,
  OtherTool,
])
export type FunctionTool = v.InferOutput<typeof FunctionTool>
export type CustomTool = v.InferOutput<typeof CustomTool>
export type NamespaceTool = v.InferOutput<typeof NamespaceTool>
export type OtherTool = v.InferOutput<typeof OtherTool>
export type ToolDefinition = v.InferOutput<typeof ToolDefinition>

const ToolReference = v.object({
  type: v.string(),
  name: v.nullish(v.string()),
  namespace: v.nullish(v.string()),
})
export type ToolReference = v.InferOutput<typeof ToolReference>

const ToolChoice = v.union([
  v.picklist(['auto', 'none', 'required']),
  v.object({
    ...ToolReference.entries,
    mode: v.nullish(v.picklist(['auto', 'required'])),
    tools: v.nullish(v.array(ToolReference)),
  }),
], 'must be "auto", "none", "required", or an object that names a tool')

const NamedSchema = {
  name: v.nullish(v.string()),
  description: v.nullish(v.string()),
  schema: v.nullish(JsonObject),
  strict: v.nullish(v.boolean()),
}
const TextFormat = v.variant('type', [
  v.object({ type: v.literal('text') }),
  // Some clients send the schema of a JSON object here.
  v.object({ type: v.literal('json_object'), schema: v.nullish(JsonObject) }),
  // Some clients nest the members, as in chat completions.
  v.object({
    type: v.literal('json_schema'),
    ...NamedSchema,
    json_schema: v.nullish(v.object(NamedSchema)),
  }),
])

/** The members of a translated request that are read. Others are kept for warnings. */
export const TranslatedRequest = v.looseObject({
  ...{ model, stream, temperature, top_p, top_logprobs, parallel_tool_calls, metadata },
  service_tier,
  /** Items of any shape. `decodeItems()` leaves out what it cannot decode. */
  input: v.array(v.unknown(), 'must be a string or a list of items'),
  instructions: v.nullish(v.string()),
  max_output_tokens: max_completion_tokens,
  max_tool_calls: v.nullish(v.number()),
  tools: v.nullish(v.array(ToolDefinition)),
  tool_choice: v.nullish(ToolChoice),
  text: v.nullish(v.object({ format: v.nullish(TextFormat), verbosity })),
  reasoning: v.nullish(v.object({
    effort: v.nullish(v.picklist(EFFORTS)),
    summary: v.nullish(v.string()),
  })),
  include: v.nullish(v.array(v.string())),
  truncation: v.nullish(v.picklist(['auto', 'disabled'])),
  store: v.nullish(v.boolean()),
  background: v.nullish(v.boolean()),
  previous_response_id: v.nullish(v.string()),
  prompt_cache_key: v.nullish(v.string()),
  safety_identifier: v.nullish(v.string()),
  user: v.nullish(v.string()),
})
export type TranslatedRequest = v.InferOutput<typeof TranslatedRequest>
