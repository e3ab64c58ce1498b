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

/** Members without effect: every tool is offered at once, and only the model calls it. */
const Ignored = {
  defer_loading: v.optional(v.unknown()),
  allowed_callers: v.optional(v.unknown()),
}
export const FunctionTool = v.looseObject({
  type: v.literal('function'),
  name: NonEmptyText,
  description: v.nullish(v.string()),
  parameters: v.nullish(JsonObject),
  strict: v.nullish(v.boolean()),
  ...Ignored,
})
export const CustomTool = v.looseObject({
  type: v.literal('custom'),
  name: NonEmptyText,
  description: v.nullish(v.string()),
  ...Ignored,
  format: v.nullish(v.looseObject({
    type: v.string(),
    syntax: v.nullish(v.string()),
    definition: v.nullish(v.string()),
  })),
})
/** A tool with a type of its own, which the client or OpenAI executes. */
const OtherTool = v.looseObject({
  type: v.pipe(v.string(), v.regex(/^(?!(function|custom|namespace)$)/)),
})
export const NamespaceMember = v.variant('type', [FunctionTool, CustomTool, OtherTool])
const NamespaceTool = v.object({
  type: v.literal('namespace'),
  name: NonEmptyText,
  description: v.nullish(v.string()),
  tools: v.array(NamespaceMember),
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

/** Some clients nest the name, as in chat completions. */
const Named = v.nullish(v.looseObject({ name: v.nullish(v.string()) }))
const NestedReference = v.looseObject({
  ...ToolReference.entries,
  function: Named,
  custom: Named,
})
export type NestedReference = v.InferOutput<typeof NestedReference>
const Allowed = {
  mode: v.nullish(v.picklist(['auto', 'required'])),
  tools: v.nullish(v.array(NestedReference)),
}

const ToolChoice = v.union([
  v.picklist(['auto', 'none', 'required']),
  v.looseObject({
    ...NestedReference.entries,
    ...Allowed,
    allowed_tools: v.nullish(v.looseObject(Allowed)),
    // Of a choice of an MCP server, which is left out.
    server_label: v.optional(v.unknown()),
  }),
], 'must be "auto", "none", "required", or an object that names a tool')

const NamedSchema = {
  name: v.nullish(v.string()),
  description: v.nullish(v.string()),
  schema: v.nullish(JsonObject),
  strict: v.nullish(v.boolean()),
}
const TextFormat = v.variant('type', [
  v.looseObject({ type: v.literal('text') }),
  // Some clients send the schema of a JSON object here.
  v.looseObject({ type: v.literal('json_object'), schema: v.nullish(JsonObject) }),
  // Some clients nest the members, as in chat completions.
  v.looseObject({
    type: v.literal('json_schema'),
    ...NamedSchema,
    json_schema: v.nullish(v.looseObject(NamedSchema)),
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
  text: v.nullish(v.looseObject({ format: v.nullish(TextFormat), verbosity })),
  reasoning: v.nullish(v.looseObject({
    effort: v.nullish(v.picklist(EFFORTS)),
    summary: v.nullish(v.string()),
    // The older name of `summary`.
    generate_summary: v.optional(v.unknown()),
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
