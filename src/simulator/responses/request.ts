import type { Fields, Shape } from '../shape.ts'
import { HOSTED_ITEM_TYPES, type HostedItem } from './hosted-tools.ts'

/** The members of a Responses request that the simulator reads. */
export interface ResponsesRequest {
  model: string
  input: string | readonly InputItem[]
  instructions?: string | null
  previous_response_id?: string | null
  conversation?: string | { id: string }
  background?: boolean | null
  store?: boolean | null
  stream?: boolean | null
  max_output_tokens?: number | null
  temperature?: number | null
  top_p?: number | null
  reasoning?: { effort?: string | null; summary?: string | null } | null
  text?: { format?: TextFormat | null; verbosity?: string | null } | null
  tools?: readonly ResponsesTool[] | null
  tool_choice?: string | { type: string; name?: string } | null
  parallel_tool_calls?: boolean | null
  include?: readonly string[] | null
  metadata?: object | null
  truncation?: string | null
}

export interface InputItem {
  type?:
    | 'message'
    | 'function_call'
    | 'function_call_output'
    | 'reasoning'
    | 'item_reference'
    | HostedItem['type']
  id?: string | null
  role?: 'user' | 'assistant' | 'system' | 'developer'
  content?: string | readonly InputPart[]
  call_id?: string
  name?: string
  arguments?: string
  output?: string | readonly InputPart[]
}

export interface InputPart {
  type: string
  text?: string
  image_url?: string | null
  file_data?: string | null
}

export interface ResponsesTool {
  type: string
  name?: string
  description?: string | null
  parameters?: unknown
  strict?: boolean | null
}

export interface TextFormat {
  type: 'text' | 'json_object' | 'json_schema'
  name?: string
  schema?: unknown
  strict?: boolean | null
}

const ANY_OBJECT = 'object' as const
const ANY_LIST: Shape = { items: 'object' }
const RESULT_PARTS: Readonly<Record<string, Fields>> = {
  input_text: { text: 'string' },
  input_image: { 'image_url?': 'string', 'file_id?': 'string', 'detail?': 'string' },
  input_file: {
    'file_data?': 'string',
    'file_id?': 'string',
    'file_url?': 'string',
    'filename?': 'string',
  },
}
const PARTS: Shape = {
  items: {
    tag: 'type',
    variants: {
      ...RESULT_PARTS,
      output_text: { text: 'string', 'annotations?': { items: 'object' }, 'logprobs?': ANY_LIST },
      refusal: { refusal: 'string' },
    },
  },
}
/** An item of an input or a conversation. */
export const ITEM: Shape = {
  tag: 'type',
  defaultVariant: 'message',
  variants: {
    message: {
      'id?': 'string',
      role: { enum: ['user', 'assistant', 'system', 'developer'] },
      content: { anyOf: ['string', PARTS] },
      'status?': 'string',
      'phase?': 'string',
    },
    function_call: {
      'id?': 'string',
      call_id: 'string',
      name: 'string',
      arguments: 'string',
      'status?': 'string',
    },
    function_call_output: {
      'id?': 'string',
      call_id: 'string',
      output: { anyOf: ['string', { items: { tag: 'type', variants: RESULT_PARTS } }] },
      'status?': 'string',
    },
    reasoning: {
      'id?': 'string',
      summary: ANY_LIST,
      'content?': ANY_LIST,
      'encrypted_content?': 'string',
      'status?': 'string',
    },
    item_reference: { id: 'string' },
    ...Object.fromEntries(HOSTED_ITEM_TYPES.map((type) => [type, ANY_OBJECT])),
  },
}
const TOOL: Shape = {
  tag: 'type',
  variants: {
    function: {
      name: 'string',
      'description?': 'string',
      'parameters?': 'object',
      'strict?': 'boolean',
    },
    ...Object.fromEntries(
      ['file_search', 'code_interpreter', 'mcp', 'x_search'].map((type) => [type, ANY_OBJECT]),
    ),
    // Oracle's samples use these; the simulator accepts and ignores them.
    web_search: 'object',
    image_generation: 'object',
  },
}
const FORMAT: Shape = {
  tag: 'type',
  variants: {
    text: {},
    json_object: {},
    json_schema: {
      name: 'string',
      schema: 'object',
      'description?': 'string',
      'strict?': 'boolean',
    },
  },
}

/** All parameters of OpenAI's Responses; the simulator ignores those without an effect. */
export const RESPONSES: Shape = {
  fields: {
    model: 'string',
    input: { anyOf: ['string', { items: ITEM }] },
    'instructions?': 'string',
    'previous_response_id?': 'string',
    'conversation?': { anyOf: ['string', { fields: { id: 'string' } }] },
    'store?': 'boolean',
    'stream?': 'boolean',
    'stream_options?': { fields: { 'include_obfuscation?': 'boolean' } },
    'background?': 'boolean',
    'max_output_tokens?': 'integer',
    'max_tool_calls?': 'integer',
    'temperature?': 'number',
    'top_p?': 'number',
    'top_logprobs?': 'integer',
    'reasoning?': {
      fields: {
        'effort?': { enum: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] },
        'summary?': { enum: ['auto', 'concise', 'detailed'] },
        'generate_summary?': { enum: ['auto', 'concise', 'detailed'] },
      },
    },
    'text?': {
      fields: { 'format?': FORMAT, 'verbosity?': { enum: ['low', 'medium', 'high'] } },
    },
    'tools?': { items: TOOL },
    'tool_choice?': {
      anyOf: [{ enum: ['none', 'auto', 'required'] }, {
        tag: 'type',
        variants: { function: { name: 'string' }, file_search: {}, web_search: {}, mcp: 'object' },
      }],
    },
    'parallel_tool_calls?': 'boolean',
    'include?': { items: 'string' },
    'metadata?': 'object',
    'truncation?': { enum: ['auto', 'disabled'] },
    'service_tier?': 'string',
    'user?': 'string',
    'safety_identifier?': 'string',
    'prompt_cache_key?': 'string',
    'prompt_cache_retention?': 'string',
  },
}

/** The id of a conversation, which requests write in two ways. */
export function conversationId(
  conversation: ResponsesRequest['conversation'],
): string | undefined {
  return typeof conversation === 'object' ? conversation?.id : conversation
}

/** The input as items; a text becomes a user message. */
export function itemsOf({ input }: Pick<ResponsesRequest, 'input'>): readonly InputItem[] {
  if (typeof input !== 'string') return input
  return [{ type: 'message', role: 'user', content: input }]
}

/** The parts of a message's content or of a tool call's output. */
export function partsOf({ content, output }: InputItem): readonly InputPart[] {
  const parts = content ?? output ?? []
  return typeof parts === 'string' ? [{ type: 'input_text', text: parts }] : parts
}

/** The text of a message's content or of a tool call's output. */
export function textOf(item: InputItem): string {
  return partsOf(item).map(({ text }) => text ?? '').join('')
}
