import { many, text } from '../fill.ts'
import {
  chunk,
  DONE,
  event,
  FINISH,
  LAST_CHUNK,
  say,
  type Script,
  send,
  streamHead,
  whole,
} from '../../faults/script.ts'
import type { AnswerAttack, Row } from '../row.ts'

/** Success, or the error for an unreadable answer; never an internal error of the gateway. */
const STATUSES = [200, 502]

const choice = (message: object) => ({
  modelId: 'm',
  modelVersion: '1',
  chatResponse: {
    apiFormat: 'GENERIC',
    choices: [{ index: 0, message: { role: 'ASSISTANT', ...message }, finishReason: 'stop' }],
    usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2 },
  },
})
const textAnswer = (text: string) => choice({ content: [{ type: 'TEXT', text }] })
const called = (calls: readonly object[]) => choice({ content: [], toolCalls: calls })
const call = (index: number, text = '{}') => ({
  type: 'FUNCTION',
  id: `c${index}`,
  name: 'f',
  arguments: text,
})
const streamed = (events: string): Script => [
  send(streamHead()),
  send(chunk(events + FINISH + DONE)),
  send(LAST_CHUNK),
]
const delta = (message: object) => event({ index: 0, message: { role: 'ASSISTANT', ...message } })

interface Answer extends Pick<AnswerAttack, 'stream' | 'make'> {
  id: string
  title: string
  model?: string
}

const ANSWERS: readonly Answer[] = [
  {
    id: 'text',
    title: 'one huge text',
    stream: false,
    make: (bytes) => whole(200, textAnswer(text(bytes, '_'))),
  },
  {
    id: 'tags',
    title: 'a huge text of <tool_call>',
    stream: false,
    model: 'meta.imported',
    make: (bytes) => whole(200, textAnswer(text(bytes, '<tool_call>'))),
  },
  {
    id: 'tags-closed',
    title: 'very many broken tool calls in a text',
    stream: false,
    model: 'meta.imported',
    make: (bytes) => whole(200, textAnswer(text(bytes, '<tool_call>{</tool_call>'))),
  },
  {
    id: 'tags-whole',
    title: 'very many tool calls in a text',
    stream: false,
    model: 'meta.imported',
    make: (bytes) =>
      whole(200, textAnswer(text(bytes, '<tool_call>{"name":"f","arguments":{}}</tool_call>'))),
  },
  {
    id: 'calls',
    title: 'very many tool calls',
    stream: false,
    make: (bytes) => whole(200, called(many(bytes, (index) => call(index)))),
  },
  {
    id: 'arguments',
    title: 'very deep arguments of a tool call',
    stream: false,
    make: (bytes) =>
      whole(200, called([call(1, `{"a":${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}}`)])),
  },
  {
    id: 'arguments-open',
    title: 'arguments of a tool call that never close',
    stream: false,
    make: (bytes) => whole(200, called([call(1, text(bytes, '{"a":['))])),
  },
  {
    id: 'depth',
    title: 'an answer as deep as it is long',
    stream: false,
    make: (bytes) =>
      whole(200, `{"a":${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}}`, JSON_TYPE),
  },
  {
    id: 'parts',
    title: 'very many parts',
    stream: false,
    make: (bytes) =>
      whole(200, choice({ content: many(bytes, () => ({ type: 'TEXT', text: 'a' })) })),
  },
  {
    id: 'error',
    title: 'a huge error',
    stream: false,
    make: (bytes) => whole(400, { code: '400', message: text(bytes, '{"message":"') }),
  },
  {
    id: 'stream-event',
    title: 'one huge event',
    stream: true,
    make: (bytes) => streamed(say(text(bytes, '_'))),
  },
  {
    id: 'stream-events',
    title: 'very many tiny events',
    stream: true,
    make: (bytes) => streamed(many(bytes, () => say('a')).join('')),
  },
  {
    id: 'stream-tags',
    title: 'a <tool_call> that never closes, in very many tiny events',
    stream: true,
    model: 'meta.imported',
    make: (bytes) => streamed(say('<tool_call>') + many(bytes, () => say('a')).join('')),
  },
  {
    id: 'stream-half-tags',
    title: 'very many beginnings of <tool_call>',
    stream: true,
    model: 'meta.imported',
    make: (bytes) => streamed(many(bytes, () => say('<tool_')).join('')),
  },
  {
    id: 'stream-calls',
    title: 'very many tool calls',
    stream: true,
    make: (bytes) => streamed(many(bytes, (index) => delta({ toolCalls: [call(index)] })).join('')),
  },
  {
    id: 'stream-arguments',
    title: 'arguments in very many tiny pieces',
    stream: true,
    make: (bytes) =>
      streamed(
        delta({ toolCalls: [call(1, '{"a":"')] }) +
          many(bytes, () => delta({ toolCalls: [{ type: 'FUNCTION', arguments: 'a' }] })).join('') +
          delta({ toolCalls: [{ type: 'FUNCTION', arguments: '"}' }] }),
      ),
  },
  {
    id: 'stream-blank-lines',
    title: 'nothing but empty lines and comments',
    stream: true,
    make: (bytes) => streamed('\n:\n\n'.repeat(bytes / 4) + say('a')),
  },
  {
    id: 'stream-line',
    title: 'one line that does not end',
    stream: true,
    make: (
      bytes,
    ) => [send(streamHead()), send(chunk(`data: ${'a'.repeat(bytes)}`)), send(LAST_CHUNK)],
  },
]

const JSON_TYPE = { 'content-type': 'application/json' }
const APIS = [
  ['chat', undefined],
  ['responses', '/v1/responses'],
  ['messages', '/v1/messages'],
] as const

/** Answers of OCI, of a size, on each API. */
export const LARGE_ANSWERS: readonly Row[] = APIS.flatMap(([api, path]) =>
  ANSWERS.map(({ id, title, stream, make, model = 'meta.attack-answers' }): Row => ({
    id: `F2-answer-${api}-${id}`,
    // An answer of 8 MB is decoded in one step, which takes long; no model sends that much.
    bounds: { health: 3_000 },
    title: `OCI answers ${api} with ${title}${stream ? ' (streamed)' : ''}`,
    ...(path !== undefined && { shortOn: [] }),
    attack: {
      type: 'answer',
      ...{ model: id === 'error' ? 'meta.attack-errors' : model, stream, make },
      statuses: id === 'error' ? [400] : STATUSES,
      ...(path && { path }),
    },
  }))
)
