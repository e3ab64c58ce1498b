import type { GatewayName, Request } from '../exchange.ts'
import {
  BOTH_TOOLS,
  CALL_SHAPES,
  CITY,
  directed,
  FAILURES,
  GATEWAYS,
  INTERRUPTIONS,
  PNG,
  SHAPES,
  TRANSLATED_MODELS,
} from './shared.ts'

const TOOLS = [
  { type: 'function', function: { name: 'get_weather', description: 'Weather', parameters: CITY } },
  { type: 'function', function: { name: 'get_time', parameters: CITY, strict: true } },
]
const CUSTOM = [{ type: 'custom', custom: { name: 'run_code', description: 'Runs code' } }]
const FORMAT = {
  type: 'json_schema',
  json_schema: { name: 'place', schema: CITY, strict: true },
}
const CALL = {
  id: 'call_1',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
}

/** The members of each kind of request beside the model. */
const VARIANTS: readonly (readonly [name: string, body: object])[] = [
  ['a text', say('Tell me a story about rain')],
  ['a system text', { messages: [{ role: 'system', content: 'Be brief' }, user('Hello')] }],
  ['a limit', { ...say('Tell me a story about rain'), max_tokens: 3 }],
  ['parallel tools', { ...say(BOTH_TOOLS), tools: TOOLS }],
  ['one tool at a time', { ...say(BOTH_TOOLS), tools: TOOLS, parallel_tool_calls: false }],
  ['a forced tool', { ...say('Hi'), tools: TOOLS, tool_choice: 'required' }],
  ['a named tool', {
    ...say('Hi'),
    tools: TOOLS,
    tool_choice: { type: 'function', function: { name: 'get_time' } },
  }],
  ['a custom tool', { ...say('Please run code'), tools: CUSTOM }],
  ['a tool result', {
    messages: [
      user('Weather?'),
      { role: 'assistant', content: null, tool_calls: [CALL] },
      { role: 'tool', tool_call_id: 'call_1', content: 'Rain' },
    ],
    tools: TOOLS,
  }],
  ['probabilities', { ...say('Hello'), logprobs: true, top_logprobs: 2 }],
  ['two choices', { ...say('Hello'), n: 2 }],
  ['two choices with tools', { ...say(BOTH_TOOLS), n: 2, tools: TOOLS }],
  ['a schema', { ...say('Where is the tower?'), response_format: FORMAT }],
  ['JSON', { ...say('Where, as JSON?'), response_format: { type: 'json_object' } }],
  ['an image', {
    messages: [{
      role: 'user',
      content: [{ type: 'text', text: 'What?' }, { type: 'image_url', image_url: { url: PNG } }],
    }],
  }],
  ['reasoning effort', { ...say('Think'), reasoning_effort: 'low' }],
  ['parameters', { ...say('Hello'), stop: ['zzz'], seed: 1, user: 'u', service_tier: 'auto' }],
  ...SHAPES.map((directive) => [directive, say(directed(directive))] as const),
  ...CALL_SHAPES.map((directive) =>
    [`tools, ${directive}`, { ...say(directed(directive, BOTH_TOOLS)), tools: TOOLS }] as const
  ),
]

/** Requests to `POST /v1/chat/completions`. */
export const CHAT: readonly Request[] = GATEWAYS.flatMap(([gateway, models]) => [
  ...models.flatMap((model) => [
    ...VARIANTS.flatMap(([name, body]) => wholeAndStreamed(gateway, model, name, body)),
    ...INTERRUPTIONS.map((directive): Request => ({
      ...streamed(gateway, model, directive, say(directed(directive))),
      status: 'interrupted',
    })),
  ]),
  ...FAILURES.flatMap(([directive, status]) =>
    wholeAndStreamed(gateway, TRANSLATED_MODELS[3]!, directive, say(directed(directive)), status)
  ),
])

function wholeAndStreamed(
  gateway: GatewayName,
  model: string,
  name: string,
  body: object,
  status: number | 'any' = 'any',
): Request[] {
  const path = '/v1/chat/completions'
  return [
    {
      name: `chat (${gateway}) ${model}: ${name}`,
      gateway,
      path,
      body: { model, ...body },
      status,
    },
    { ...streamed(gateway, model, name, body), status },
  ]
}

function streamed(gateway: GatewayName, model: string, name: string, body: object): Request {
  return {
    name: `chat (${gateway}) ${model}, streamed: ${name}`,
    gateway,
    path: '/v1/chat/completions',
    body: { model, ...body, stream: true, stream_options: { include_usage: true } },
  }
}

function say(text: string): { messages: object[] } {
  return { messages: [user(text)] }
}

function user(content: string): object {
  return { role: 'user', content }
}
