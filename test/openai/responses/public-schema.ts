/**
 * OpenAI's documented members of a response and of its stream events, as far as the gateway sends
 * them: all are required, others are errors. `wire.types.ts` proves that OpenAI has the same types.
 */
import * as v from 'valibot'

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Id = v.pipe(v.string(), v.regex(/^[a-z]+_[A-Za-z0-9]{24}_\d+$/))
const Status = v.picklist(['in_progress', 'completed', 'incomplete'])

const Token = { token: v.string(), logprob: v.number(), bytes: v.array(Count) }
const Logprob = v.strictObject({ ...Token, top_logprobs: v.array(v.strictObject(Token)) })
const Citation = v.strictObject({
  type: v.literal('url_citation'),
  url: v.string(),
  title: v.string(),
  start_index: Count,
  end_index: Count,
})
const SummaryPart = v.strictObject({ type: v.literal('summary_text'), text: v.string() })
export const Part = v.variant('type', [
  v.strictObject({
    type: v.literal('output_text'),
    annotations: v.array(Citation),
    logprobs: v.array(Logprob),
    text: v.string(),
  }),
  v.strictObject({ type: v.literal('refusal'), refusal: v.string() }),
])

const Called = { id: Id, status: Status, call_id: v.string() }
const Named = {
  ...Called,
  name: v.string(),
  namespace: v.exactOptional(v.string()),
}
const Keys = v.nullable(v.array(v.string()))
const Point = { x: v.number(), y: v.number() }
const Action = v.variant('type', [
  v.strictObject({
    type: v.literal('click'),
    button: v.picklist(['left', 'right', 'wheel', 'back', 'forward']),
    ...Point,
    keys: Keys,
  }),
  v.strictObject({ type: v.picklist(['double_click', 'move']), ...Point, keys: Keys }),
  v.strictObject({ type: v.literal('drag'), path: v.array(v.strictObject(Point)), keys: Keys }),
  v.strictObject({ type: v.literal('keypress'), keys: v.array(v.string()) }),
  v.strictObject({
    type: v.literal('scroll'),
    ...Point,
    scroll_x: v.number(),
    scroll_y: v.number(),
    keys: Keys,
  }),
  v.strictObject({ type: v.literal('type'), text: v.string() }),
  v.strictObject({ type: v.picklist(['screenshot', 'wait']) }),
])

export const Item = v.variant('type', [
  v.strictObject({ type: v.literal('reasoning'), id: Id, summary: v.array(SummaryPart) }),
  v.strictObject({
    type: v.literal('message'),
    id: Id,
    status: Status,
    role: v.literal('assistant'),
    content: v.array(Part),
  }),
  v.strictObject({ type: v.literal('function_call'), ...Named, arguments: v.string() }),
  v.strictObject({ type: v.literal('custom_tool_call'), ...Named, input: v.string() }),
  v.strictObject({
    type: v.literal('shell_call'),
    ...Called,
    action: v.strictObject({
      commands: v.array(v.string()),
      timeout_ms: v.nullable(v.number()),
      max_output_length: v.nullable(v.number()),
    }),
    environment: v.strictObject({ type: v.literal('local') }),
  }),
  v.strictObject({
    type: v.literal('local_shell_call'),
    ...Called,
    action: v.strictObject({
      type: v.literal('exec'),
      command: v.array(v.string()),
      env: v.record(v.string(), v.string()),
      timeout_ms: v.nullable(v.number()),
      user: v.nullable(v.string()),
      working_directory: v.nullable(v.string()),
    }),
  }),
  v.strictObject({
    type: v.literal('apply_patch_call'),
    ...Called,
    status: v.picklist(['in_progress', 'completed']),
    operation: v.variant('type', [
      v.strictObject({
        type: v.picklist(['create_file', 'update_file']),
        path: v.string(),
        diff: v.string(),
      }),
      v.strictObject({ type: v.literal('delete_file'), path: v.string() }),
    ]),
  }),
  v.strictObject({
    type: v.literal('tool_search_call'),
    ...Called,
    execution: v.literal('client'),
    arguments: v.looseObject({}),
  }),
  v.strictObject({
    type: v.literal('computer_call'),
    ...Called,
    action: v.exactOptional(Action),
    actions: v.exactOptional(v.array(Action)),
    pending_safety_checks: v.strictTuple([]),
  }),
  v.strictObject({ type: v.literal('compaction'), id: Id, encrypted_content: v.string() }),
])
export type Item = v.InferOutput<typeof Item>

export const Usage = v.strictObject({
  input_tokens: Count,
  input_tokens_details: v.strictObject({ cached_tokens: Count, cache_write_tokens: Count }),
  output_tokens: Count,
  output_tokens_details: v.strictObject({ reasoning_tokens: Count }),
  total_tokens: Count,
})

const Code = v.picklist([
  'server_error',
  'rate_limit_exceeded',
  'invalid_prompt',
  'context_length_exceeded',
])

/** Members that the client defines. */
const Echoed = {
  metadata: v.looseObject({}),
  reasoning: v.looseObject({}),
  text: v.looseObject({}),
  tool_choice: v.unknown(),
  tools: v.array(v.unknown()),
}

export const Response = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^resp_gw[A-Za-z0-9]{24}$/)),
  object: v.literal('response'),
  created_at: Count,
  completed_at: v.nullable(Count),
  model: v.string(),
  status: v.picklist(['in_progress', 'completed', 'incomplete', 'failed']),
  error: v.nullable(v.strictObject({ code: Code, message: v.string() })),
  incomplete_details: v.nullable(
    v.strictObject({ reason: v.picklist(['max_output_tokens', 'content_filter']) }),
  ),
  output: v.array(Item),
  service_tier: v.picklist(['auto', 'default', 'flex', 'scale', 'priority']),
  usage: v.nullable(Usage),
  access_programs: v.null(),
  background: v.literal(false),
  frequency_penalty: v.literal(0),
  instructions: v.nullable(v.string()),
  max_output_tokens: v.nullable(Count),
  max_tool_calls: v.nullable(Count),
  parallel_tool_calls: v.boolean(),
  presence_penalty: v.literal(0),
  previous_response_id: v.nullable(v.string()),
  prompt_cache_key: v.nullable(v.string()),
  safety_identifier: v.nullable(v.string()),
  store: v.boolean(),
  temperature: v.number(),
  top_logprobs: Count,
  top_p: v.number(),
  truncation: v.picklist(['auto', 'disabled']),
  user: v.exactOptional(v.string()),
  ...Echoed,
})
export type Response = v.InferOutput<typeof Response>

const Numbered = { sequence_number: Count }
const OfItem = { ...Numbered, item_id: Id, output_index: Count }
const OfPart = { ...OfItem, content_index: Count }
const OfSummary = { ...OfItem, summary_index: Count }

/** The events with the whole response. */
export const LifecycleEvent = v.strictObject({
  type: v.picklist([
    'response.created',
    'response.in_progress',
    'response.completed',
    'response.incomplete',
    'response.failed',
  ]),
  ...Numbered,
  response: Response,
})

/** The events of its items, by their types. */
export const EVENTS = {
  added: v.strictObject({
    type: v.literal('response.output_item.added'),
    ...Numbered,
    output_index: Count,
    item: Item,
  }),
  done: v.strictObject({
    type: v.literal('response.output_item.done'),
    ...Numbered,
    output_index: Count,
    item: Item,
  }),
  partAdded: v.strictObject({
    type: v.literal('response.content_part.added'),
    ...OfPart,
    part: Part,
  }),
  partDone: v.strictObject({
    type: v.literal('response.content_part.done'),
    ...OfPart,
    part: Part,
  }),
  text: v.strictObject({
    type: v.literal('response.output_text.delta'),
    ...OfPart,
    delta: v.string(),
    logprobs: v.array(Logprob),
  }),
  textDone: v.strictObject({
    type: v.literal('response.output_text.done'),
    ...OfPart,
    text: v.string(),
    logprobs: v.array(Logprob),
  }),
  annotation: v.strictObject({
    type: v.literal('response.output_text.annotation.added'),
    ...OfPart,
    annotation_index: Count,
    annotation: Citation,
  }),
  refusal: v.strictObject({
    type: v.literal('response.refusal.delta'),
    ...OfPart,
    delta: v.string(),
  }),
  refusalDone: v.strictObject({
    type: v.literal('response.refusal.done'),
    ...OfPart,
    refusal: v.string(),
  }),
  summaryAdded: v.strictObject({
    type: v.literal('response.reasoning_summary_part.added'),
    ...OfSummary,
    part: SummaryPart,
  }),
  summaryPartDone: v.strictObject({
    type: v.literal('response.reasoning_summary_part.done'),
    ...OfSummary,
    part: SummaryPart,
  }),
  summary: v.strictObject({
    type: v.literal('response.reasoning_summary_text.delta'),
    ...OfSummary,
    delta: v.string(),
  }),
  summaryDone: v.strictObject({
    type: v.literal('response.reasoning_summary_text.done'),
    ...OfSummary,
    text: v.string(),
  }),
  arguments: v.strictObject({
    type: v.literal('response.function_call_arguments.delta'),
    ...OfItem,
    delta: v.string(),
  }),
  argumentsDone: v.strictObject({
    type: v.literal('response.function_call_arguments.done'),
    ...OfItem,
    name: v.string(),
    arguments: v.string(),
  }),
  input: v.strictObject({
    type: v.literal('response.custom_tool_call_input.delta'),
    ...OfItem,
    delta: v.string(),
  }),
  inputDone: v.strictObject({
    type: v.literal('response.custom_tool_call_input.done'),
    ...OfItem,
    input: v.string(),
  }),
}

export const ItemEvent = v.variant('type', Object.values(EVENTS))
export const StreamEvent = v.variant('type', [LifecycleEvent, ...Object.values(EVENTS)])
export type StreamEvent = v.InferOutput<typeof StreamEvent>
