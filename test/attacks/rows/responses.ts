import { colliding, many, members, PATTERNS, text } from '../fill.ts'
import type { Row } from '../row.ts'
import { type Kind, rowsOf } from './kinds.ts'
import { SCHEMAS } from './schemas.ts'

const USER = { type: 'message', role: 'user', content: 'Hi' }
const tool = (name: string, parameters: unknown = { type: 'object', properties: {} }) => ({
  type: 'function',
  name,
  parameters,
  strict: false,
})
const namespace = (name: string, tools: readonly object[]) => ({ type: 'namespace', name, tools })
const call = (id: string, name = 'f', text = '{}') => ({
  type: 'function_call',
  call_id: id,
  name,
  arguments: text,
})
const output = (id: string) => ({ type: 'function_call_output', call_id: id, output: 'r' })
const said = (content: unknown) => ({ input: [{ type: 'message', role: 'user', content }] })
const NOT_FOUND = [400, 404, 413, 422]

/** The members of the body besides the model. */
const BODIES: readonly (Omit<Kind, 'body'> & { make(bytes: number): object })[] = [
  ...Object.entries(PATTERNS).map(([name, pattern]) => ({
    id: `text-${name}`,
    title: `one huge text of ${name}`,
    models: ['generic'] as const,
    make: (bytes: number) => ({ input: text(bytes, pattern) }),
  })),
  ...Object.entries(PATTERNS).map(([name, pattern]) => ({
    id: `namespace-${name}`,
    title: `a namespace with a huge name of ${name}`,
    models: ['generic'] as const,
    make: (bytes: number) => ({
      input: 'Hi',
      tools: [namespace(`a${text(bytes, pattern)}b`, [tool('f')])],
    }),
  })),
  {
    id: 'instructions',
    title: 'huge instructions',
    make: (bytes) => ({ instructions: text(bytes, '"'), input: 'Hi' }),
  },
  {
    id: 'messages',
    title: 'very many messages',
    make: (bytes) => ({
      input: many(
        bytes,
        (index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: 'a' }),
      ),
    }),
  },
  {
    id: 'parts',
    title: 'very many tiny parts',
    make: (bytes) => said(many(bytes, () => ({ type: 'input_text', text: 'a' }))),
  },
  {
    id: 'parts-unknown',
    title: 'very many parts of unknown types',
    make: (bytes) =>
      said([
        { type: 'input_text', text: 'a' },
        ...many(bytes, (index) => ({ type: `t${index}` })),
      ]),
  },
  {
    id: 'items-unknown',
    title: 'very many items of unknown types',
    make: (bytes) => ({ input: [USER, ...many(bytes, (index) => ({ type: `t${index}` })), USER] }),
  },
  {
    id: 'reasoning',
    title: 'very many items of reasoning',
    make: (bytes) => ({
      input: [
        USER,
        ...many(bytes, (index) => ({
          type: 'reasoning',
          id: `rs_${index}`,
          summary: [],
          encrypted_content: 'x',
        })),
        USER,
      ],
    }),
  },
  {
    id: 'calls',
    title: 'a run of very many calls, their outputs in the opposite order',
    make: (bytes) => ({
      input: [
        USER,
        ...many(bytes / 2, (index) => call(`c${index}`)),
        ...many(bytes / 2, (index) => output(`c${index}`)).toReversed(),
      ],
    }),
  },
  {
    id: 'calls-orphan',
    title: 'a run of very many calls without outputs',
    make: (bytes) => ({ input: [USER, ...many(bytes, (index) => call(`c${index}`)), USER] }),
  },
  {
    id: 'calls-in-turns',
    title: 'very many calls, each followed by its output',
    make: (bytes) => ({
      input: [USER, ...many(bytes, (index) => [call(`c${index}`), output(`c${index}`)]).flat()],
    }),
  },
  {
    id: 'calls-colliding',
    title: 'very many calls and outputs with the same id',
    make: (bytes) => ({
      input: [
        USER,
        ...many(bytes / 2, () => call('c')),
        ...many(bytes / 2, () => output('c')),
      ],
    }),
  },
  {
    id: 'outputs-orphan',
    title: 'very many outputs without calls',
    make: (bytes) => ({ input: [USER, ...many(bytes, (index) => output(`c${index}`))] }),
  },
  {
    id: 'custom-calls',
    title: 'very many calls of custom tools',
    make: (bytes) => ({
      tools: [{ type: 'custom', name: 'c' }],
      input: [
        USER,
        ...many(bytes, (index) => [
          { type: 'custom_tool_call', call_id: `c${index}`, name: 'c', input: '_' },
          { type: 'custom_tool_call_output', call_id: `c${index}`, output: 'r' },
        ]).flat(),
      ],
    }),
  },
  {
    id: 'references',
    title: 'very many references to items that do not exist',
    statuses: [200, ...NOT_FOUND],
    make: (bytes) => ({
      input: [USER, ...many(bytes, (index) => ({ type: 'item_reference', id: `msg_${index}` }))],
    }),
  },
  {
    id: 'references-own',
    title: 'very many references to one item that the gateway stores',
    statuses: [200, ...NOT_FOUND],
    make: (bytes) => ({
      input: [
        USER,
        ...many(bytes, () => ({
          type: 'item_reference',
          id: 'rs_0123456789abcdef0123456789abcdef',
        })),
      ],
    }),
  },
  {
    id: 'previous',
    title: 'a huge previous_response_id',
    statuses: NOT_FOUND,
    make: (bytes) => ({ input: 'Hi', previous_response_id: `resp_${text(bytes, 'a')}` }),
  },
  {
    id: 'tools',
    title: 'very many tools',
    make: (bytes) => ({ input: 'Hi', tools: many(bytes, (index) => tool(`t${index}`)) }),
  },
  {
    id: 'tools-colliding',
    title: 'tool names whose safe forms are the same',
    make: (bytes) => ({ input: 'Hi', tools: many(bytes, (index) => tool(colliding(index))) }),
  },
  {
    id: 'namespaces',
    title: 'very many namespaces of one tool each',
    make: (bytes) => ({
      input: 'Hi',
      tools: many(bytes, (index) => namespace(`n${index}_`, [tool('f')])),
    }),
  },
  {
    id: 'namespaces-colliding',
    title: 'namespaces whose joined tool names are the same',
    make: (bytes) => ({
      input: 'Hi',
      tools: many(bytes, (index) => namespace(colliding(index), [tool('_'), tool('__')])),
    }),
  },
  {
    id: 'additional-tools',
    title: 'very many tools inside the input',
    make: (bytes) => ({
      input: [
        { type: 'additional_tools', role: 'developer', tools: many(bytes, (at) => tool(`t${at}`)) },
        USER,
      ],
    }),
  },
  {
    id: 'tools-hosted',
    title: 'very many tools that the provider executes',
    make: (bytes) => ({ input: 'Hi', tools: many(bytes, () => ({ type: 'web_search' })) }),
  },
  {
    id: 'image',
    title: 'a data URL with very many parameters',
    make: (bytes) =>
      said([{ type: 'input_image', image_url: `data:image/png${text(bytes, ';a=b')},x` }]),
  },
  {
    id: 'file',
    title: 'one huge file',
    make: (bytes) =>
      said([{
        type: 'input_file',
        filename: 'a.pdf',
        file_data: `data:application/pdf;base64,${text(bytes, 'AAAA')}`,
      }]),
  },
  {
    id: 'include',
    title: 'very many values of include',
    make: (bytes) => ({ input: 'Hi', include: many(bytes, (index) => `i${index}`) }),
  },
  {
    id: 'metadata',
    title: 'very many entries of metadata',
    make: (bytes) => ({ input: 'Hi', metadata: members(bytes, (index) => [`k${index}`, 'v']) }),
  },
  {
    id: 'unknown-members',
    title: 'very many unknown members',
    make: (bytes) => ({ input: 'Hi', ...members(bytes, (index) => [`x${index}`, index]) }),
  },
  {
    id: 'numbers',
    title: 'very many numbers instead of items',
    make: (bytes) => ({ input: many(bytes, () => 1) }),
  },
]

const KINDS: readonly Kind[] = [
  ...BODIES.map(({ make, ...kind }): Kind => ({
    ...kind,
    body: (bytes, model) => ({ model, ...make(bytes) }),
  })),
  ...SCHEMAS.map(({ id, title, make }): Kind => ({
    id: `format-${id}`,
    title: `text.format with ${title}`,
    models: ['generic'],
    body: (bytes, model) => ({
      model,
      input: 'Hi',
      text: { format: { type: 'json_schema', name: 'f', schema: make(bytes) } },
    }),
  })),
]

/** Requests of a size to Responses. */
export const RESPONSES: readonly Row[] = rowsOf('F2', 'responses', '/v1/responses', KINDS)
