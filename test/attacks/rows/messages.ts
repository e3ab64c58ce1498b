import { colliding, many, members, PATTERNS, text } from '../fill.ts'
import type { Row } from '../row.ts'
import { type Kind, rowsOf } from './kinds.ts'
import { SCHEMAS } from './schemas.ts'

const USER = { role: 'user', content: 'Hi' }
const tool = (name: string, schema: unknown = { type: 'object', properties: {} }) => ({
  name,
  input_schema: schema,
})
const use = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} })
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'r' })
const prompt = (content: unknown) => ({ messages: [{ role: 'user', content }] })
const assistant = (content: unknown) => ({ role: 'assistant', content })
const image = (data: string) => ({
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data },
})

/** The members of the body besides the model and max_tokens. */
const BODIES: readonly (Omit<Kind, 'body'> & { make(bytes: number): object })[] = [
  ...Object.entries(PATTERNS).map(([name, pattern]) => ({
    id: `text-${name}`,
    title: `one huge text of ${name}`,
    models: ['generic'] as const,
    make: (bytes: number) => prompt(text(bytes, pattern)),
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
    id: 'blocks',
    title: 'very many tiny blocks',
    make: (bytes) => prompt(many(bytes, () => ({ type: 'text', text: 'a' }))),
  },
  {
    id: 'blocks-unknown',
    title: 'very many blocks of unknown types',
    make: (bytes) =>
      prompt([{ type: 'text', text: 'a' }, ...many(bytes, (index) => ({ type: `t${index}` }))]),
  },
  {
    id: 'system',
    title: 'very many system blocks',
    make: (bytes) => ({
      ...prompt('Hi'),
      system: many(bytes, () => ({ type: 'text', text: 's' })),
    }),
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
    id: 'tools-server',
    title: 'very many tools that the provider executes',
    make: (bytes) => ({
      ...prompt('Hi'),
      tools: many(bytes, (index) => ({ type: 'web_search_20250305', name: `w${index}` })),
    }),
  },
  {
    id: 'uses',
    title: 'very many tool uses in one message, their results in the opposite order',
    make: (bytes) => ({
      messages: [
        USER,
        assistant(many(bytes / 2, (index) => use(`c${index}`))),
        {
          role: 'user',
          content: many(bytes / 2, (index) => result(`c${index}`)).toReversed(),
        },
      ],
    }),
  },
  {
    id: 'uses-in-turns',
    title: 'very many messages with one tool use, each followed by its result',
    make: (bytes) => ({
      messages: [
        USER,
        ...many(bytes, (index) => [
          assistant([use(`c${index}`)]),
          { role: 'user', content: [result(`c${index}`)] },
        ]).flat(),
      ],
    }),
  },
  {
    id: 'uses-colliding',
    title: 'very many tool uses and results with the same id',
    make: (bytes) => ({
      messages: [
        USER,
        assistant(many(bytes / 2, () => use('c'))),
        { role: 'user', content: many(bytes / 2, () => result('c')) },
      ],
    }),
  },
  {
    id: 'uses-orphan',
    title: 'very many tool uses without results',
    make: (bytes) => ({
      messages: [USER, ...many(bytes, (index) => assistant([use(`c${index}`)])), USER],
    }),
  },
  {
    id: 'results-orphan',
    title: 'very many tool results without tool uses',
    make: (bytes) => prompt(many(bytes, (index) => result(`c${index}`))),
  },
  {
    id: 'thinking',
    title: 'very many blocks of thinking with signatures',
    make: (bytes) => ({
      messages: [
        USER,
        assistant([
          ...many(bytes, () => ({ type: 'thinking', thinking: 't', signature: 'c2ln' })),
          { type: 'text', text: 'a' },
        ]),
        USER,
      ],
    }),
  },
  {
    id: 'signature',
    title: 'a huge thought signature',
    make: (bytes) => ({
      messages: [
        USER,
        assistant([{ type: 'thinking', thinking: 't', signature: text(bytes, '_') }, {
          type: 'text',
          text: 'a',
        }]),
        USER,
      ],
    }),
  },
  {
    id: 'image',
    title: 'one huge image',
    make: (bytes) => prompt([image(text(bytes, 'AAAA'))]),
  },
  {
    id: 'image-broken',
    title: 'a huge image that is not base64',
    make: (bytes) => prompt([image(text(bytes, '=a '))]),
  },
  {
    id: 'images',
    title: 'very many tiny images',
    make: (bytes) => prompt(many(bytes, () => image('AAAA'))),
  },
  {
    id: 'documents',
    title: 'very many documents',
    make: (bytes) =>
      prompt(many(bytes, () => ({
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'a' },
      }))),
  },
  {
    id: 'stop',
    title: 'very many stop strings',
    make: (bytes) => ({ ...prompt('Hi'), stop_sequences: many(bytes, (index) => `s${index}`) }),
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
    id: 'numbers',
    title: 'very many numbers instead of blocks',
    make: (bytes) => prompt(many(bytes, () => 1)),
  },
]

const KINDS: readonly Kind[] = [
  ...BODIES.map(({ make, ...kind }): Kind => ({
    ...kind,
    body: (bytes, model) => ({ model, max_tokens: 100, ...make(bytes) }),
  })),
  ...SCHEMAS.map(({ id, title, make }): Kind => ({
    id: `schema-${id}`,
    title: `a tool with ${title}`,
    models: ['generic'],
    body: (bytes, model) => ({
      model,
      max_tokens: 100,
      ...prompt('Hi'),
      tools: [tool('f', make(bytes))],
    }),
  })),
]

const COUNTED: readonly Kind[] = KINDS
  .filter(({ id }) => /^(text-|messages|blocks$|tools$|images)/.test(id))
  .map((kind) => ({ ...kind, models: ['generic'] }))

/** Requests of a size to Messages and to its token count. */
export const MESSAGES: readonly Row[] = [
  ...rowsOf('F2', 'messages', '/v1/messages', KINDS),
  ...rowsOf('F2', 'count-tokens', '/v1/messages/count_tokens', COUNTED),
]
