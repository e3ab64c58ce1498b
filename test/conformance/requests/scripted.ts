import {
  dataOf,
  events,
  finish,
  piece,
  refusing,
  saying,
  sse,
  text,
  type Upstream,
} from '../../cases/upstream.ts'
import type { Request } from '../exchange.ts'

const LLAMA = 'meta.llama-3.3-70b-instruct'
const GROK = 'xai.grok-4'
const CITATION = {
  type: 'url_citation',
  urlCitation: { startIndex: 0, endIndex: 2, title: 'Rain', url: 'https://example.com/rain' },
}
const CALL = { id: 'call_1', type: 'FUNCTION', name: 'get_weather', arguments: '{"city":"Paris"}' }
const USAGE = { promptTokens: 5, completionTokens: 3, totalTokens: 8 }

/** What OCI's native endpoint answers: a whole message, which is also sent in pieces. */
const MESSAGES: readonly (readonly [name: string, message: object, reason?: string])[] = [
  ['a refusal', { content: [], refusal: 'I cannot help' }],
  ['a refusal after text', { ...text('Hm'), refusal: 'I cannot help' }],
  ['citations', { ...text('It rains'), annotations: [CITATION] }],
  ['citations without text', { content: [], annotations: [CITATION] }],
  ['reasoning', { ...text('Yes'), reasoningContent: 'Let me think' }],
  ['reasoning only', { content: [], reasoningContent: 'Let me think' }],
  ['a call', { content: [], toolCalls: [CALL] }],
  ['a call after text', { ...text('Let me see'), toolCalls: [CALL] }],
  ['two calls', { content: [], toolCalls: [CALL, { ...CALL, id: 'call_2' }] }],
  ['reasoning, text and a call', {
    ...text('Let me see'),
    reasoningContent: 'Hm',
    toolCalls: [CALL],
  }],
  ['an empty message', { content: [] }],
  ['a truncated text', text('It rai'), 'length'],
  ['a filtered text', text('It rai'), 'content_filter'],
  ['a truncated call', { content: [], toolCalls: [{ ...CALL, arguments: '{"ci' }] }, 'length'],
  ['an unknown finish reason', text('Hi'), 'something_new'],
]

/** Events of OCI's Responses endpoint that the simulator does not send. */
const RESPONSE = { id: 'resp_1', object: 'response', created_at: 1, model: GROK }
const RELAYED: readonly (readonly [name: string, events: readonly object[]])[] = [
  ['few members', [
    { type: 'response.created', response: { ...RESPONSE, status: 'in_progress' } },
    { type: 'response.output_item.added', output_index: 0, item: itemWith([]) },
    {
      type: 'response.content_part.added',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      part: { type: 'output_text', text: '' },
    },
    {
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      delta: 'Hi',
    },
    {
      type: 'response.output_text.done',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      text: 'Hi',
    },
    {
      type: 'response.content_part.done',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      part: { type: 'output_text', text: 'Hi', annotations: null },
    },
    { type: 'response.output_item.done', output_index: 0, item: itemWith([textPart()]) },
    {
      type: 'response.completed',
      response: {
        ...RESPONSE,
        status: 'completed',
        output: [itemWith([textPart()])],
        tools: [{ type: 'function', name: 'get_weather' }],
        usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
      },
    },
  ]],
  ['an error event', [
    { type: 'response.created', response: { ...RESPONSE, status: 'in_progress' } },
    { type: 'error', code: 'server_error', message: 'no' },
  ]],
  ["an error in the form of OpenAI's answers", [
    { type: 'response.created', response: { ...RESPONSE, status: 'in_progress' } },
    { error: { message: 'no', type: 'server_error', code: 500 } },
  ]],
]

const STREAM_OPTIONS: Readonly<Record<string, object>> = {
  true: { stream_options: { include_usage: true } },
}

/** Fails for the first model; the simulator answers for its fallback. */
const isDown: Upstream = ({ json }) =>
  JSON.stringify(json).includes('grok-3')
    ? refusing(503, { code: '503', message: 'down' })()
    : undefined

/** Requests that OCI answers with what the simulator never sends. */
export const SCRIPTED: readonly Request[] = [
  ...MESSAGES.flatMap(([name, message, reason]) => translated(name, message, reason)),
  ...[false, true].flatMap((stream) => send('a fallback model', stream, isDown, 'xai.grok-3')),
  ...RELAYED.map(([name, events]): Request => ({
    name: `responses (scripted), streamed: ${name}`,
    gateway: 'relayed',
    path: '/v1/responses',
    body: { model: GROK, input: 'Hi', stream: true },
    upstream: sse(events.map(dataOf).join('')),
  })),
  {
    name: 'responses (scripted): few members',
    gateway: 'relayed',
    path: '/v1/responses',
    body: { model: GROK, input: 'Hi' },
    upstream: () =>
      Response.json({ ...RESPONSE, status: 'completed', output: [itemWith([textPart()])] }),
  },
  {
    name: 'stored responses (scripted), items',
    gateway: 'relayed',
    method: 'GET',
    path: '/v1/responses/resp_1/input_items',
    upstream: () =>
      Response.json({
        object: 'list',
        data: [itemWith([textPart()])],
        first_id: 'msg_1',
        last_id: 'msg_1',
        has_more: false,
      }),
  },
]

function translated(name: string, message: object, reason: string | undefined): Request[] {
  const end = reason ?? 'stop'
  const whole = saying(message, end, { usage: USAGE })
  const pieces = Object.entries(message).map(([key, value]) => piece({ [key]: value }))
  const streamed = events(...pieces, finish(end, { usage: USAGE }))
  return [false, true].flatMap((stream) => {
    const upstream: Upstream = stream ? streamed : whole
    return send(name, stream, upstream)
  })
}

function send(name: string, stream: boolean, upstream: Upstream, model = LLAMA): Request[] {
  const shared = { gateway: 'translated', upstream } as const
  const messages = [{ role: 'user', content: 'Hi' }]
  const label = `${name}${stream ? ', streamed' : ''}`
  return [
    {
      ...shared,
      name: `chat (scripted): ${label}`,
      path: '/v1/chat/completions',
      body: { model, messages, stream, ...STREAM_OPTIONS[String(stream)] },
    },
    {
      ...shared,
      name: `responses (scripted): ${label}`,
      path: '/v1/responses',
      body: { model, input: 'Hi', stream },
    },
    {
      ...shared,
      name: `messages (scripted): ${label}`,
      path: '/v1/messages',
      headers: { 'anthropic-version': '2023-06-01' },
      body: { model, messages, stream, max_tokens: 99 },
    },
    {
      ...shared,
      name: `completions (scripted): ${label}`,
      path: '/v1/completions',
      body: { model, prompt: 'Hi', stream },
    },
  ]
}

function itemWith(content: readonly object[]): object {
  return { id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content }
}

function textPart(): object {
  return { type: 'output_text', text: 'Hi', annotations: null }
}
