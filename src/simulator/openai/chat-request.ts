import type { Fields, Shape } from '../shape.ts'

/** The members of a chat completion request that the simulator reads. */
export interface ChatCompletionRequest {
  model: string
  messages: readonly ChatMessage[]
  stream?: boolean | null
  stream_options?: { include_usage?: boolean } | null
  max_tokens?: number | null
  max_completion_tokens?: number | null
  temperature?: number | null
  top_p?: number | null
  frequency_penalty?: number | null
  presence_penalty?: number | null
  n?: number | null
  stop?: string | readonly string[] | null
  logprobs?: boolean | null
  top_logprobs?: number | null
  reasoning_effort?: string | null
  tools?: readonly ChatTool[] | null
  tool_choice?: string | { function: { name: string } } | null
  parallel_tool_calls?: boolean | null
  response_format?: ChatResponseFormat | null
  web_search_options?: object | null
}

export interface ChatMessage {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool'
  content?: string | readonly ChatPart[] | null
  tool_calls?: readonly ChatToolCall[] | null
  tool_call_id?: string
}

export interface ChatPart {
  type: string
  text?: string
  image_url?: { url: string }
  input_audio?: { data: string }
  file?: { file_data?: string; file_id?: string }
}

export interface ChatToolCall {
  id: string
  function: { name: string; arguments: string }
}

export interface ChatTool {
  function: { name: string; description?: string; parameters?: unknown; strict?: boolean | null }
}

export interface ChatResponseFormat {
  type: 'text' | 'json_object' | 'json_schema'
  json_schema?: { name: string; schema?: unknown; strict?: boolean | null }
}

const TEXT: Fields = { text: 'string' }
const TEXTS: Shape = { anyOf: ['string', { items: { tag: 'type', variants: { text: TEXT } } }] }
const PARTS: Shape = {
  tag: 'type',
  variants: {
    text: TEXT,
    image_url: { image_url: { fields: { url: 'string', 'detail?': 'string' } } },
    input_audio: {
      input_audio: { fields: { data: 'string', format: { enum: ['wav', 'mp3'] } } },
    },
    file: {
      file: { fields: { 'file_data?': 'string', 'file_id?': 'string', 'filename?': 'string' } },
    },
  },
}
const CALL: Shape = {
  fields: {
    id: 'string',
    type: { enum: ['function'] },
    function: { fields: { name: 'string', arguments: 'string' } },
  },
}
const ASSISTANT_TEXTS: Shape = {
  anyOf: ['string', {
    items: { tag: 'type', variants: { text: TEXT, refusal: { refusal: 'string' } } },
  }],
}
const MESSAGE: Shape = {
  tag: 'role',
  variants: {
    system: { content: TEXTS, 'name?': 'string' },
    developer: { content: TEXTS, 'name?': 'string' },
    user: { content: { anyOf: ['string', { items: PARTS }] }, 'name?': 'string' },
    assistant: {
      'content?': ASSISTANT_TEXTS,
      'refusal?': 'string',
      'name?': 'string',
      'tool_calls?': { items: CALL },
    },
    tool: { content: TEXTS, tool_call_id: 'string' },
  },
}
const TOOL: Shape = {
  fields: {
    type: { enum: ['function'] },
    function: {
      fields: {
        name: 'string',
        'description?': 'string',
        'parameters?': 'object',
        'strict?': 'boolean',
      },
    },
  },
}
const CHOICE: Shape = {
  anyOf: [{ enum: ['none', 'auto', 'required'] }, {
    fields: { type: { enum: ['function'] }, function: { fields: { name: 'string' } } },
  }],
}
const FORMAT: Shape = {
  tag: 'type',
  variants: {
    text: {},
    json_object: {},
    json_schema: {
      json_schema: {
        fields: {
          name: 'string',
          'description?': 'string',
          'schema?': 'object',
          'strict?': 'boolean',
        },
      },
    },
  },
}

/** All parameters of OpenAI's chat completions; the simulator ignores those without an effect. */
export const CHAT_COMPLETION: Shape = {
  fields: {
    model: 'string',
    messages: { items: MESSAGE },
    'stream?': 'boolean',
    'stream_options?': {
      fields: { 'include_usage?': 'boolean', 'include_obfuscation?': 'boolean' },
    },
    'max_tokens?': 'integer',
    'max_completion_tokens?': 'integer',
    'temperature?': 'number',
    'top_p?': 'number',
    'frequency_penalty?': 'number',
    'presence_penalty?': 'number',
    'n?': 'integer',
    'stop?': { anyOf: ['string', { items: 'string' }] },
    'logprobs?': 'boolean',
    'top_logprobs?': 'integer',
    'logit_bias?': 'object',
    'seed?': 'integer',
    'reasoning_effort?': { enum: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] },
    'verbosity?': { enum: ['low', 'medium', 'high'] },
    'tools?': { items: TOOL },
    'tool_choice?': CHOICE,
    'parallel_tool_calls?': 'boolean',
    'response_format?': FORMAT,
    'modalities?': { items: { enum: ['text', 'audio'] } },
    'audio?': 'object',
    'prediction?': 'object',
    'web_search_options?': 'object',
    'service_tier?': 'string',
    'store?': 'boolean',
    'metadata?': 'object',
    'user?': 'string',
    'safety_identifier?': 'string',
    'prompt_cache_key?': 'string',
    'prompt_cache_retention?': 'string',
  },
}
