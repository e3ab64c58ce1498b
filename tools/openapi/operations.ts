import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'
import { MessagesRequest } from '../../src/anthropic/messages/schema.ts'
import { RerankBody } from '../../src/cohere/rerank/schema.ts'
import { ChatCompletionRequest } from '../../src/openai/chat/schema.ts'
import { CompletionsRequest } from '../../src/openai/completions/schema.ts'
import { EmbeddingsRequest } from '../../src/openai/embeddings/schema.ts'
import { type Endpoint, ENDPOINTS } from '../../src/openai/endpoints.ts'
import { ModerationsRequest } from '../../src/openai/moderations/schema.ts'
import { TranslatedRequest } from '../../src/openai/responses/schema.ts'
import { KeyBody, PriceBody, TeamBody } from '../../src/routes/admin-bodies.ts'
import { PROMETHEUS_TYPE } from '../../src/telemetry/metrics/prometheus-text.ts'
import { documentedPath } from './documented-path.ts'

/** A JSON Schema, or a part of one. */
export type Schema = Record<string, unknown>

/** A route of the gateway. */
export interface Operation {
  method: 'get' | 'post' | 'patch' | 'delete'
  /** Parameters are in braces. */
  path: string
  tag: 'OpenAI' | 'Anthropic' | 'Cohere' | 'Administration' | 'Operations'
  summary: string
  /** The kind of key that it needs. */
  key: 'client' | 'administration' | 'metrics' | 'none'
  /** Name of the schema of the body. */
  body?: keyof typeof BODIES
  /** Media types of a body without a schema. */
  bodyTypes?: readonly string[]
  query?: Readonly<Record<string, string>>
  /** Media types of a successful answer. Default: JSON. */
  answers?: readonly string[]
  success?: number
  /** Statuses of errors. */
  errors: readonly number[]
}

const EVENTS = 'text/event-stream'
const JSON_TYPE = 'application/json'
const HTML = 'text/html; charset=utf-8'
const MODEL = [400, 401, 403, 404, 408, 413, 415, 429, 500, 502, 503, 504]
const ANTHROPIC = [...MODEL, 529]
const STORED = [400, 401, 403, 404, 429, 500, 502, 503, 504]
const READ = [400, 401, 403, 404, 429, 500, 503]
const CHANGE = [400, 401, 403, 404, 408, 413, 415, 429, 500, 503]

const FORM = 'multipart/form-data'
const BODY_TYPES: Readonly<Record<Endpoint['body'], readonly string[]>> = {
  none: [],
  json: [JSON_TYPE],
  form: [FORM],
  fields: [FORM, JSON_TYPE],
}
const ANSWER_TYPES: Readonly<Record<Endpoint['answer'], readonly string[]>> = {
  json: [JSON_TYPE],
  content: ['application/octet-stream'],
  media: [JSON_TYPE, EVENTS, 'audio/*', 'text/plain'],
}
/** The paths of the parts of an object, which are read in pages. */
const LIST_OF_PARTS = /:\w+\/(?:items|files)$/
const PAGE = {
  after: 'Only objects after the one with this id',
  before: 'Only objects before the one with this id',
  limit: 'Number of objects',
  order: '`asc` or `desc`',
}

/** All routes. Each path below `/v1` is also served without `/v1`, and below Azure's base URLs. */
export const OPERATIONS: readonly Operation[] = [
  ...model('OpenAI', '/v1/chat/completions', 'Chat', 'ChatCompletionRequest', true),
  ...model('OpenAI', '/v1/completions', 'Text completion', 'CompletionsRequest', true),
  ...model('OpenAI', '/v1/responses', 'Response', 'ResponsesRequest', true),
  ...model('OpenAI', '/v1/responses/compact', 'Compact a conversation', 'ResponsesRequest', false),
  ...model(
    'OpenAI',
    '/v1/responses/input_tokens',
    'Estimate the tokens of a response request',
    'ResponsesRequest',
    false,
  ),
  stored('get', '/v1/responses/{id}', 'Read a stored response', { stream: 'Not supported' }),
  stored('delete', '/v1/responses/{id}', 'Delete a stored response'),
  stored('get', '/v1/responses/{id}/input_items', 'List the input of a stored response', {
    limit: 'Number of items',
    order: '`asc` or `desc`',
    after: 'Id of the item before the first one',
  }),
  ...model('OpenAI', '/v1/embeddings', 'Embeddings', 'EmbeddingsRequest', false),
  ...model('OpenAI', '/v1/moderations', 'Moderation', 'ModerationsRequest', false),
  {
    ...stored('get', '/v1/models', 'List models', { retired: '`true` includes retired models' }),
  },
  stored('get', '/v1/models/{id}', 'Read a model. The id may contain slashes'),
  ...ENDPOINTS.map(passed),
  ...model('Anthropic', '/v1/messages', 'Message', 'MessagesRequest', true),
  ...model(
    'Anthropic',
    '/v1/messages/count_tokens',
    'Estimate the tokens of a message request',
    'MessagesRequest',
    false,
  ),
  ...model('Cohere', '/v1/rerank', 'Rerank documents', 'RerankRequest', false),
  ...model('Cohere', '/v2/rerank', 'Rerank documents', 'RerankRequest', false),
  ...administration(),
  ...operations(),
]

function model(
  tag: Operation['tag'],
  path: string,
  summary: string,
  body: keyof typeof BODIES,
  isStreamed: boolean,
): Operation[] {
  const answers = isStreamed ? [JSON_TYPE, EVENTS] : [JSON_TYPE]
  const errors = tag === 'Anthropic' ? ANTHROPIC : MODEL
  return [{ method: 'post', path, tag, summary, key: 'client', body, answers, errors }]
}

function stored(
  method: 'get' | 'delete',
  path: string,
  summary: string,
  query: Readonly<Record<string, string>> = {},
): Operation {
  return { method, path, tag: 'OpenAI', summary, key: 'client', query, errors: STORED }
}

/** OCI defines the bodies of these endpoints. */
function passed({ method, path, summary, body, answer, effect }: Endpoint): Operation {
  return {
    // The table has no other methods.
    method: method.toLowerCase() as Operation['method'],
    path: `/v1${documentedPath(path)}`,
    ...{ tag: 'OpenAI', summary, key: 'client', bodyTypes: BODY_TYPES[body] },
    ...{ answers: ANSWER_TYPES[answer], errors: MODEL },
    ...((effect === 'list' || LIST_OF_PARTS.test(path)) && method === 'GET' && { query: PAGE }),
  }
}

function administration(): Operation[] {
  const own = { tag: 'Administration', key: 'administration' } as const
  const read = { ...own, method: 'get', errors: READ } as const
  const create = { ...own, method: 'post', success: 201, errors: CHANGE } as const
  const change = { ...own, method: 'patch', errors: CHANGE } as const
  const usage = {
    by: 'Columns separated by commas: key, team, model, region, day, person, session',
    since: 'Date, or duration such as `7d`',
    until: 'Date, excluded',
    key: 'Name or id of a key',
    team: 'Name of a team',
  }
  return [
    { ...read, path: '/admin/v1/keys', summary: 'List keys' },
    { ...create, path: '/admin/v1/keys', summary: 'Create a key', body: 'KeyBody' },
    { ...read, path: '/admin/v1/keys/{id}', summary: 'Read a key' },
    { ...change, path: '/admin/v1/keys/{id}', summary: 'Change a key', body: 'KeyBody' },
    {
      ...{ ...own, method: 'delete', errors: READ, path: '/admin/v1/keys/{id}' },
      summary: 'Revoke a key',
    },
    {
      ...{ ...own, method: 'post', errors: CHANGE, path: '/admin/v1/keys/{id}/rotate' },
      summary: 'Replace a key',
    },
    { ...read, path: '/admin/v1/teams', summary: 'List teams' },
    { ...create, path: '/admin/v1/teams', summary: 'Create a team', body: 'TeamBody' },
    { ...read, path: '/admin/v1/teams/{id}', summary: 'Read a team' },
    { ...change, path: '/admin/v1/teams/{id}', summary: 'Change a team', body: 'TeamBody' },
    { ...read, path: '/admin/v1/usage', summary: 'Sums of the ledger', query: usage },
    { ...read, path: '/admin/v1/prices', summary: 'List prices' },
    { ...create, path: '/admin/v1/prices', summary: 'Set a price', body: 'PriceBody' },
    { ...read, path: '/admin/v1/audit', summary: 'The audit log' },
    { ...read, path: '/admin/v1/status', summary: 'State of the gateway, for the console' },
    {
      ...{ ...read, path: '/admin/v1/requests', summary: 'The last requests, without content' },
      query: { id: 'Request id' },
    },
  ]
}

function operations(): Operation[] {
  const open = { method: 'get', tag: 'Operations', key: 'none' } as const
  return [
    { ...open, path: '/health', summary: 'Whether the process runs', errors: [] },
    { ...open, path: '/livez', summary: 'Whether the process runs', errors: [] },
    {
      ...{ ...open, path: '/ready', summary: 'Whether the gateway can serve requests' },
      errors: [503],
    },
    {
      ...{ ...open, path: '/readyz', summary: 'Whether the gateway can serve requests' },
      query: { verbose: 'Adds load, learned quirks and clients; needs a key' },
      errors: [401, 403, 429, 503],
    },
    {
      ...{ ...open, path: '/metrics', summary: 'Metrics for Prometheus', key: 'metrics' },
      ...{ answers: [PROMETHEUS_TYPE], errors: [401, 403, 429] },
    },
    { ...open, path: '/openapi.json', summary: 'This document', errors: [] },
    { ...open, path: '/', summary: 'The console, for a browser', answers: [HTML], errors: [404] },
  ]
}

/** What all kinds of messages have; each role has more. */
const CHAT_MESSAGE: Schema = {
  type: 'object',
  required: ['role'],
  properties: {
    role: { enum: ['system', 'developer', 'user', 'assistant', 'tool', 'function'] },
    content: {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'object' } }, { type: 'null' }],
    },
    name: { type: 'string' },
    tool_calls: { type: 'array', items: { type: 'object' } },
    tool_call_id: { type: 'string' },
  },
}

/** The bodies of requests by the name of their schema. */
export const BODIES = {
  ChatCompletionRequest: withMember(convert(ChatCompletionRequest), 'messages', {
    type: 'array',
    items: CHAT_MESSAGE,
  }),
  CompletionsRequest: convert(CompletionsRequest),
  ResponsesRequest: withMember(convert(TranslatedRequest), 'input', {
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'object' } }],
  }),
  EmbeddingsRequest: convert(EmbeddingsRequest),
  ModerationsRequest: withMember(convert(ModerationsRequest), 'input', {
    anyOf: [{ type: 'string', minLength: 1 }, {
      ...{ type: 'array', minItems: 1 },
      items: { anyOf: [{ type: 'string' }, { type: 'object' }] },
    }],
  }),
  MessagesRequest: convert(MessagesRequest),
  RerankRequest: convert(RerankBody),
  KeyBody: convert(KeyBody),
  TeamBody: convert(TeamBody),
  PriceBody: convert(PriceBody),
}

/** Members of a schema that depend on the value are described by their first form only. */
function convert(schema: GenericSchema): Schema {
  const { $schema: _, ...converted } = toJsonSchema(schema, {
    ...{ typeMode: 'input', errorMode: 'ignore', target: 'draft-2020-12' },
  })
  return converted
}

/** The converter shows only one form of a member whose schema depends on its value. */
function withMember(schema: Schema, name: string, member: Schema): Schema {
  const properties = { ...schema['properties'] as Schema, [name]: member }
  return { ...schema, properties }
}
