import { colliding, many, members, PATTERNS, sameHash, text } from '../fill.ts'
import type { Row } from '../row.ts'
import { type Kind, rowsOf } from './kinds.ts'
import { SCHEMAS } from './schemas.ts'

const USER = { role: 'user', content: 'Hi' }
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII='

const prompt = (content: unknown) => ({ messages: [{ role: 'user', content }] })
const tool = (name: string, parameters: unknown = { type: 'object', properties: {} }) => ({
  type: 'function',
  function: { name, parameters },
})
const call = (id: string, name = 'f', text = '{}') => ({
  id,
  type: 'function',
  function: { name, arguments: text },
})
const assistant = (...calls: readonly object[]) => ({
  role: 'assistant',
  content: null,
  tool_calls: calls,
})
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'r' })
const image = (url: string) => ({ type: 'image_url', image_url: { url } })
const BAD = [400, 404, 413, 422]
/** Bytes of one message whose arguments are within the limits. */
const LONG = 2 ** 20
/** Bytes of a schema with almost as many values as allowed. */
const LARGEST_SCHEMA = 2 ** 18

type Members = (bytes: number) => object

/** The members of the body besides the model. */
const BODIES: readonly (Omit<Kind, 'body'> & { make: Members })[] = [
  ...Object.entries(PATTERNS).map(([name, pattern]) => ({
    id: `text-${name}`,
    title: `one huge text of ${name}`,
    make: (bytes: number) => prompt(text(bytes, pattern)),
  })),
  ...Object.entries(PATTERNS).map(([name, pattern]) => ({
    id: `assistant-${name}`,
    title: `a huge earlier answer of ${name}`,
    models: ['generic', 'coherev2'] as const,
    make: (bytes: number) => ({
      messages: [USER, { role: 'assistant', content: text(bytes, pattern) }, USER],
    }),
  })),
  {
    id: 'messages',
    title: 'very many messages',
    make: (bytes) => ({
      messages: many(bytes, (index) => ({
        role: index % 2 === 0 ? 'user' : 'assistant',
        content: 'a',
      })),
    }),
  },
  {
    id: 'user-messages',
    title: 'a run of very many messages with the same role',
    make: (bytes) => ({ messages: many(bytes, () => USER) }),
  },
  {
    id: 'system-messages',
    title: 'very many system messages',
    make: (bytes) => ({
      messages: [...many(bytes, () => ({ role: 'system', content: 's' })), USER],
    }),
  },
  {
    id: 'empty-messages',
    title: 'very many empty messages',
    make: (bytes) => ({
      messages: [...many(bytes, () => ({ role: 'assistant', content: '' })), USER],
    }),
  },
  {
    id: 'parts',
    title: 'very many tiny parts',
    make: (bytes) => prompt(many(bytes, () => ({ type: 'text', text: 'a' }))),
  },
  {
    id: 'tools',
    title: 'very many tools',
    make: (bytes) => ({ ...prompt('Hi'), tools: many(bytes, (index) => tool(`t${index}`)) }),
  },
  {
    id: 'tools-colliding',
    title: 'tool names whose safe forms are the same',
    make: (bytes) => ({ ...prompt('Hi'), tools: many(bytes, (index) => tool(colliding(index))) }),
  },
  {
    id: 'tools-hash',
    title: 'long tool names with the same hash',
    make: (bytes) => ({ ...prompt('Hi'), tools: many(bytes, (index) => tool(sameHash(index))) }),
  },
  {
    id: 'tools-same',
    title: 'very many tools with the same name',
    make: (bytes) => ({ ...prompt('Hi'), tools: many(bytes, () => tool('same')) }),
  },
  {
    id: 'tools-long',
    title: 'very long tool names that differ at the end',
    make: (bytes) => ({
      ...prompt('Hi'),
      tools: Array.from({ length: 20 }, (_, index) => tool(text(bytes / 20, '_') + index)),
    }),
  },
  {
    id: 'calls',
    title: 'very many tool calls in one message, their results in the opposite order',
    make: (bytes) => ({
      messages: [
        USER,
        assistant(...many(bytes / 2, (index) => call(`c${index}`))),
        ...many(bytes / 2, (index) => result(`c${index}`)).toReversed(),
      ],
    }),
  },
  {
    id: 'calls-in-turns',
    title: 'very many messages with one tool call, each followed by its result',
    make: (bytes) => ({
      messages: [
        USER,
        ...many(bytes, (index) => [assistant(call(`c${index}`)), result(`c${index}`)]).flat(),
      ],
    }),
  },
  {
    id: 'calls-colliding',
    title: 'very many tool calls and results with the same id',
    make: (bytes) => ({
      messages: [
        USER,
        assistant(...many(bytes / 2, () => call('c'))),
        ...many(bytes / 2, () => result('c')),
      ],
    }),
  },
  {
    id: 'calls-orphan',
    title: 'very many tool calls without results',
    make: (bytes) => ({
      messages: [USER, ...many(bytes, (index) => assistant(call(`c${index}`))), USER],
    }),
  },
  {
    id: 'results-orphan',
    title: 'very many tool results without calls',
    make: (bytes) => ({ messages: [USER, ...many(bytes, (index) => result(`c${index}`))] }),
  },
  {
    id: 'results-late',
    title: 'results of very many calls after very many other messages',
    make: (bytes) => ({
      messages: [
        USER,
        ...many(bytes / 3, (index) => assistant(call(`c${index}`))),
        ...many(bytes / 3, () => USER),
        ...many(bytes / 3, (index) => result(`c${index}`)),
      ],
    }),
  },
  {
    id: 'function-messages',
    title: 'very many messages with the role function',
    make: (bytes) => ({
      messages: [
        USER,
        ...many(bytes / 2, () => ({
          role: 'assistant',
          content: null,
          function_call: { name: 'f', arguments: '{}' },
        })),
        ...many(bytes / 2, () => ({ role: 'function', name: 'f', content: 'r' })),
      ],
    }),
  },
  {
    id: 'function-turns',
    title: 'very many function calls, each followed by its result',
    make: (bytes) => ({
      messages: [
        USER,
        ...many(bytes, () => [
          { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
          { role: 'function', name: 'f', content: 'r' },
        ]).flat(),
      ],
    }),
  },
  {
    id: 'arguments',
    title: 'huge arguments of a tool call',
    make: (bytes) => ({
      messages: [
        USER,
        assistant(call('c', 'f', JSON.stringify({ a: text(bytes, '_') }))),
        result('c'),
      ],
    }),
  },
  {
    id: 'arguments-broken',
    title: 'huge arguments that are not JSON',
    make: (bytes) => ({
      messages: [USER, assistant(call('c', 'f', text(bytes, '{"a":['))), result('c')],
    }),
  },
  {
    id: 'arguments-long',
    title: 'very many tool calls with long arguments',
    make: (bytes) => ({
      messages: [
        USER,
        ...Array.from({ length: Math.ceil(bytes / LONG) }, (_, index) => [
          assistant(call(`c${index}`, 'f', JSON.stringify({ a: text(LONG / 4, '{"a":[') }))),
          result(`c${index}`),
        ]).flat(),
      ],
    }),
  },
  {
    id: 'image',
    title: 'one huge image',
    make: (bytes) => prompt([image(`data:image/png;base64,${text(bytes, 'AAAA')}`)]),
  },
  {
    id: 'image-parameters',
    title: 'a data URL with very many parameters',
    make: (bytes) => prompt([image(`data:image/png${text(bytes, ';a=b')},x`)]),
  },
  {
    id: 'image-open',
    title: 'a data URL without data',
    make: (bytes) => prompt([image(`data:${text(bytes, 'a/')}`)]),
  },
  {
    id: 'image-broken',
    title: 'a huge image that is not base64',
    make: (bytes) => prompt([image(`data:image/png;base64,${text(bytes, '=a ')}`)]),
  },
  {
    id: 'images',
    title: 'very many small images',
    make: (bytes) => prompt(many(bytes, () => image(PIXEL))),
  },
  {
    id: 'stop',
    title: 'very many stop strings',
    make: (bytes) => ({ ...prompt('Hi'), stop: many(bytes, (index) => `s${index}`) }),
  },
  {
    id: 'logit-bias',
    title: 'a logit_bias for very many tokens',
    make: (bytes) => ({ ...prompt('Hi'), logit_bias: members(bytes, (index) => [`${index}`, 1]) }),
  },
  {
    id: 'metadata',
    title: 'very many entries of metadata',
    make: (bytes) => ({ ...prompt('Hi'), metadata: members(bytes, (index) => [`k${index}`, 'v']) }),
  },
  {
    id: 'unknown-members',
    title: 'very many unknown members',
    make: (bytes) => ({ ...prompt('Hi'), ...members(bytes, (index) => [`x${index}`, index]) }),
  },
  {
    id: 'unknown-nested',
    title: 'very many messages with unknown members',
    make: (bytes) => ({
      messages: many(bytes, (index) => ({ ...USER, [`x${index}`]: { [`y${index}`]: 1 } })),
    }),
  },
  {
    id: 'nesting',
    title: 'very many arrays with the maximum depth',
    make: (bytes) => ({ ...prompt('Hi'), x: many(bytes, () => nested(100)) }),
  },
  {
    id: 'numbers',
    title: 'an unknown member of very many numbers',
    make: (bytes) => ({ ...prompt('Hi'), x: many(bytes, () => 1) }),
  },
  {
    id: 'wrong-messages',
    title: 'very many numbers instead of messages',
    make: (bytes) => ({ messages: many(bytes, () => 1) }),
    statuses: BAD,
  },
  {
    id: 'wrong-parts',
    title: 'very many parts of unknown types',
    make: (bytes) =>
      prompt([
        ...many(bytes, (index) => ({ type: `t${index}`, x: 1 })),
        { type: 'text', text: 'a' },
      ]),
  },
  {
    id: 'wrong-tools',
    title: 'very many tools that are not functions',
    make: (bytes) => ({ ...prompt('Hi'), tools: many(bytes, (index) => ({ type: `t${index}` })) }),
  },
  {
    id: 'role',
    title: 'a huge role',
    make: (bytes) => ({ messages: [{ role: text(bytes, '_'), content: 'a' }] }),
    statuses: BAD,
  },
  {
    id: 'part-type',
    title: 'a huge type of a part',
    make: (bytes) => prompt([{ type: text(bytes, '_'), text: 'a' }]),
  },
  {
    id: 'tool-choice',
    title: 'a huge name in tool_choice',
    make: (bytes) => ({
      ...prompt('Hi'),
      tools: [tool('f')],
      tool_choice: { type: 'function', function: { name: text(bytes, '_') } },
    }),
  },
  {
    id: 'allowed-tools',
    title: 'very many allowed tools',
    make: (bytes) => ({
      ...prompt('Hi'),
      tools: many(bytes / 2, (index) => tool(`t${index}`)),
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: {
          mode: 'auto',
          tools: many(
            bytes / 2,
            (index) => ({ type: 'function', function: { name: `t${index}` } }),
          ),
        },
      },
    }),
  },
  {
    id: 'choices',
    title: 'many choices of a huge prompt',
    make: (bytes) => ({ ...prompt(text(bytes, 'a')), n: 100 }),
  },
  {
    id: 'documents',
    title: 'very many documents',
    make: (bytes) => ({
      ...prompt('Hi'),
      documents: many(bytes, (index) => ({ id: `d${index}`, text: 'a' })),
    }),
  },
]

const SCHEMA_MODELS = ['generic', 'cohere', 'coherev2', 'gemini', 'native'] as const

const KINDS: readonly Kind[] = [
  ...BODIES.map(({ make, ...kind }): Kind => ({
    ...kind,
    body: (bytes, model) => ({ model, ...make(bytes) }),
  })),
  ...SCHEMAS.map(({ id, title, make }): Kind => ({
    id: `schema-${id}`,
    title: `a tool with ${title}`,
    models: SCHEMA_MODELS,
    body: (bytes, model) => ({ model, ...prompt('Hi'), tools: [tool('f', make(bytes))] }),
  })),
  ...SCHEMAS.map(({ id, title, make }): Kind => ({
    id: `format-${id}`,
    title: `response_format with ${title}`,
    models: ['generic', 'gemini'],
    body: (bytes, model) => ({
      model,
      ...prompt('Hi'),
      response_format: { type: 'json_schema', json_schema: { name: 'f', schema: make(bytes) } },
    }),
  })),
  ...SCHEMAS.filter(({ id }) => ['wide', 'ref-large', 'any-of', 'keywords'].includes(id)).map((
    { id, title, make },
  ): Kind => ({
    id: `schemas-${id}`,
    title: `four tools with ${title}, almost as large as allowed`,
    models: SCHEMA_MODELS,
    body: (bytes, model) => ({
      model,
      ...prompt('Hi'),
      tools: ['a', 'b', 'c', 'd'].map((name) =>
        tool(name, make(Math.min(bytes / 4, LARGEST_SCHEMA)))
      ),
    }),
  })),
  {
    id: 'duplicate-keys',
    title: 'one member very many times',
    models: ['generic'],
    body: (bytes, model) =>
      `{"model":"${model}","messages":[{"role":"user","content":"a"}]${text(bytes, ',"x":1')}}`,
  },
  {
    id: 'model',
    title: 'a huge name of a model',
    models: ['generic'],
    statuses: BAD,
    body: (bytes) => ({ model: text(bytes, 'a'), ...prompt('Hi') }),
  },
  {
    id: 'brackets',
    title: 'only brackets',
    models: ['generic'],
    statuses: BAD,
    body: (bytes) => '['.repeat(bytes),
  },
  {
    id: 'no-json',
    title: 'a huge text that is not JSON',
    models: ['generic'],
    statuses: BAD,
    body: (bytes) => 'a'.repeat(bytes),
  },
]

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)]
}

/** Requests of a size to chat completions. */
export const CHAT: readonly Row[] = rowsOf('F2', 'chat', '/v1/chat/completions', KINDS)
