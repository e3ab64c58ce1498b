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
} from './shared.ts'

const TOOLS = [
  { type: 'function', name: 'get_weather', description: 'Weather', parameters: CITY, strict: true },
  { type: 'function', name: 'get_time', parameters: CITY, strict: false },
]
const BARE_TOOLS = [{ type: 'function', name: 'get_weather' }, { type: 'custom', name: 'get_time' }]
const NAMESPACE = [{
  type: 'namespace',
  name: 'places',
  tools: [{ type: 'function', name: 'get_weather' }, { type: 'custom', name: 'get_time' }],
}]
const CUSTOM = [{ type: 'custom', name: 'run_code', format: { type: 'text' } }]
const CALL = {
  type: 'function_call',
  call_id: 'call_1',
  name: 'get_weather',
  arguments: '{"city":"Paris"}',
}
const FORMAT = { type: 'json_schema', name: 'place', schema: CITY, strict: true }

/** Tools with a type of their own, and a text that makes the simulator call each. */
const CLIENT_TOOLS: readonly (readonly [text: string, tool: object])[] = [
  ['Please use shell', { type: 'shell' }],
  ['Please use local shell', { type: 'local_shell' }],
  ['Please apply patch', { type: 'apply_patch' }],
  ['Please use computer', { type: 'computer' }],
  ['Please use computer use preview', {
    ...{ type: 'computer_use_preview', display_width: 1, display_height: 1 },
    environment: 'browser',
  }],
  ['Please use tool search', { type: 'tool_search', execution: 'client', description: 'Finds' }],
]

/** The members of each kind of request beside the model. */
const VARIANTS: readonly (readonly [name: string, body: object])[] = [
  ['a text', { input: 'Tell me a story about rain' }],
  ['instructions', { input: 'Hello', instructions: 'Be brief', metadata: { a: 'b' }, user: 'u' }],
  ['null members', {
    input: 'Hello',
    instructions: null,
    tools: null,
    tool_choice: null,
    text: null,
    reasoning: null,
    metadata: null,
    temperature: null,
  }],
  ['a limit', { input: 'Tell me a story about rain', max_output_tokens: 16 }],
  ['parallel tools', { input: BOTH_TOOLS, tools: TOOLS }],
  ['tools with few members', { input: BOTH_TOOLS, tools: BARE_TOOLS }],
  ['tools in a namespace', { input: BOTH_TOOLS, tools: NAMESPACE }],
  ['a custom tool', { input: 'Please run code', tools: CUSTOM }],
  ...CLIENT_TOOLS.map(([text, tool]) =>
    [`a tool of the client: ${text}`, { input: text, tools: [tool] }] as const
  ),
  ['tools in the input', {
    input: [{ type: 'additional_tools', role: 'developer', tools: TOOLS }, message(BOTH_TOOLS)],
  }],
  ['a summary', { input: [message('Hello'), { type: 'compaction_trigger' }] }],
  ['tools of OpenAI', { input: 'Hello', tools: [{ type: 'web_search' }, ...TOOLS] }],
  ['a forced tool', { input: 'Hi', tools: TOOLS, tool_choice: 'required' }],
  ['a named tool', {
    input: 'Hi',
    tools: TOOLS,
    tool_choice: { type: 'function', name: 'get_time' },
  }],
  ['allowed tools', {
    input: 'Hi',
    tools: TOOLS,
    tool_choice: {
      type: 'allowed_tools',
      mode: 'required',
      tools: [{ type: 'function', name: 'get_time' }],
    },
  }],
  ['a tool result', {
    input: [
      message('Weather?'),
      CALL,
      { type: 'function_call_output', call_id: 'call_1', output: 'Rain' },
    ],
    tools: TOOLS,
  }],
  ['probabilities', { input: 'Hello', include: ['message.output_text.logprobs'], top_logprobs: 2 }],
  ['a schema', { input: 'Where is the tower?', text: { format: FORMAT, verbosity: 'low' } }],
  ['JSON', { input: 'Where, as JSON?', text: { format: { type: 'json_object' } } }],
  ['an image', {
    input: [{
      role: 'user',
      content: [{ type: 'input_text', text: 'What?' }, { type: 'input_image', image_url: PNG }],
    }],
  }],
  ['reasoning', { input: 'Think', reasoning: { effort: 'low', summary: 'auto' } }],
  ['encrypted reasoning', {
    input: directed('reasoning', 'Think'),
    reasoning: { effort: 'low', summary: 'auto' },
    include: ['reasoning.encrypted_content'],
    store: false,
  }],
  ...SHAPES.map((directive) => [directive, { input: directed(directive) }] as const),
  ...CALL_SHAPES.map((directive) =>
    [`tools, ${directive}`, { input: directed(directive, BOTH_TOOLS), tools: TOOLS }] as const
  ),
]

/** Requests to `POST /v1/responses`, and to the responses that they store. */
export const RESPONSES: readonly Request[] = GATEWAYS.flatMap(([gateway, models]) => [
  ...models.flatMap((model) => [
    ...VARIANTS.flatMap(([name, body]) => wholeAndStreamed(gateway, model, name, body)),
    ...INTERRUPTIONS.map((directive): Request => ({
      ...wholeAndStreamed(gateway, model, directive, { input: directed(directive) })[1]!,
      status: 'interrupted',
    })),
  ]),
  ...FAILURES.flatMap(([directive, status]) =>
    wholeAndStreamed(gateway, models[0]!, directive, { input: directed(directive) }, status)
  ),
  ...['compact', 'input_tokens'].map((what): Request => ({
    name: `responses (${gateway}), ${what}`,
    gateway,
    path: `/v1/responses/${what}`,
    body: { model: models[0], input: [message('Hello')] },
  })),
  stored(gateway, models[0]!),
])

function wholeAndStreamed(
  gateway: GatewayName,
  model: string,
  name: string,
  body: object,
  status: number | 'any' = 'any',
): Request[] {
  const path = '/v1/responses'
  const label = `responses (${gateway}) ${model}`
  return [
    { name: `${label}: ${name}`, gateway, path, body: { model, ...body }, status },
    {
      name: `${label}, streamed: ${name}`,
      gateway,
      path,
      body: { model, ...body, stream: true },
      status,
    },
  ]
}

/** A stored response that is read, listed, continued and deleted. */
function stored(gateway: GatewayName, model: string): Request {
  const label = `stored responses (${gateway})`
  return {
    name: label,
    gateway,
    path: '/v1/responses',
    body: {
      model,
      input: [
        { role: 'user', content: 'Weather?' },
        CALL,
        { type: 'function_call_output', call_id: 'call_1', output: 'Rain' },
        { role: 'assistant', content: 'Rain' },
        message('Hello'),
      ],
      tools: TOOLS,
    },
    then: ({ id }) => [
      { name: `${label}, read`, gateway, method: 'GET', path: `/v1/responses/${id}` },
      ...items(gateway, label, id),
      {
        name: `${label}, continued`,
        gateway,
        path: '/v1/responses',
        body: { model, input: BOTH_TOOLS, previous_response_id: id, tools: TOOLS },
        then: ({ id: second }) => [
          ...items(gateway, `${label} twice`, second),
          { name: `${label}, deleted`, gateway, method: 'DELETE', path: `/v1/responses/${second}` },
        ],
      },
    ],
  }
}

/** The simulator has no list of items. */
function items(gateway: GatewayName, label: string, id: string): Request[] {
  if (gateway !== 'translated') return []
  return [{
    name: `${label}, items`,
    gateway,
    method: 'GET',
    path: `/v1/responses/${id}/input_items?order=asc`,
  }]
}

function message(text: string): object {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] }
}
