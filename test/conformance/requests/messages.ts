import type { Request } from '../exchange.ts'
import {
  BOTH_TOOLS,
  CALL_SHAPES,
  CITY,
  directed,
  FAILURES,
  INTERRUPTIONS,
  PNG,
  SHAPES,
  TRANSLATED_MODELS,
} from './shared.ts'

const HEADERS = { 'anthropic-version': '2023-06-01' }
const TOOLS = [
  { name: 'get_weather', description: 'Weather', input_schema: CITY },
  { type: 'custom', name: 'get_time', input_schema: CITY },
]
const IMAGE = {
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data: PNG.split(',')[1] },
}

/** The members of each kind of request beside the model. */
const VARIANTS: readonly (readonly [name: string, body: object])[] = [
  ['a text', say('Tell me a story about rain')],
  ['a system text', { ...say('Hello'), system: [{ type: 'text', text: 'Be brief' }] }],
  ['a limit', { ...say('Tell me a story about rain'), max_tokens: 3 }],
  ['parallel tools', { ...say(BOTH_TOOLS), tools: TOOLS }],
  ['one tool', {
    ...say(BOTH_TOOLS),
    tools: TOOLS,
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  }],
  ['a forced tool', { ...say('Hi'), tools: TOOLS, tool_choice: { type: 'any' } }],
  ['a named tool', {
    ...say('Hi'),
    tools: TOOLS,
    tool_choice: { type: 'tool', name: 'get_time' },
  }],
  ['tools of the client', {
    ...say('Please use bash'),
    tools: [
      { type: 'bash_20250124', name: 'bash' },
      { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
      { type: 'memory_20250818', name: 'memory' },
      { type: 'web_search_20250305', name: 'web_search' },
    ],
  }],
  ['toolsets of the client', {
    ...say('Please use screenshot'),
    tools: [{ type: 'computer_toolset_20260801' }, { type: 'browser_toolset_20260801' }],
    tool_choice: { type: 'any' },
  }],
  ['a tool result', {
    messages: [
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: [{
          type: 'tool_use',
          id: 'toolu_1',
          name: 'get_weather',
          input: { city: 'Rome' },
        }],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Rain' }] },
    ],
    tools: TOOLS,
  }],
  ['an image', { messages: [{ role: 'user', content: [{ type: 'text', text: 'What?' }, IMAGE] }] }],
  ['a schema', {
    ...say('Where?'),
    output_config: { format: { type: 'json_schema', schema: CITY } },
  }],
  ['thinking', { ...say('Think'), thinking: { type: 'enabled', budget_tokens: 1024 } }],
  ['stop sequences', { ...say('Hello'), stop_sequences: ['zzz'], temperature: 0.5, top_k: 5 }],
  ...SHAPES.map((directive) => [directive, say(directed(directive))] as const),
  ...CALL_SHAPES.map((directive) =>
    [`tools, ${directive}`, { ...say(directed(directive, BOTH_TOOLS)), tools: TOOLS }] as const
  ),
]

/** Requests to Anthropic's Messages API. */
export const MESSAGES: readonly Request[] = TRANSLATED_MODELS.flatMap((model) => [
  ...VARIANTS.flatMap(([name, body]) => [
    send(model, name, body),
    send(model, `${name}, streamed`, { ...body, stream: true }),
    count(model, name, body),
  ]),
  ...INTERRUPTIONS.map((directive) =>
    send(
      model,
      `${directive}, streamed`,
      { ...say(directed(directive)), stream: true },
      'interrupted',
    )
  ),
  ...FAILURES.map(([directive]) => send(model, directive, say(directed(directive)), 'failure')),
])

function send(
  model: string,
  name: string,
  body: object,
  status: 'any' | 'interrupted' | 'failure' = 'any',
): Request {
  return {
    name: `messages ${model}: ${name}`,
    gateway: 'translated',
    path: '/v1/messages',
    headers: HEADERS,
    body: { model, max_tokens: 500, ...body },
    status,
  }
}

function count(model: string, name: string, body: object): Request {
  return {
    name: `count_tokens ${model}: ${name}`,
    gateway: 'translated',
    path: '/v1/messages/count_tokens',
    headers: HEADERS,
    body: { model, ...body },
    status: 'any',
  }
}

function say(content: string): { messages: object[] } {
  return { messages: [{ role: 'user', content }] }
}
