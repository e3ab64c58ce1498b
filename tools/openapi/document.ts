import { VERSION } from '../../src/version.ts'
import { BODIES, type Operation, OPERATIONS, type Schema } from './operations.ts'

/** The OpenAPI document of the gateway. */
export function createDocument(): object {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) }
  }
  const bodies = Object.entries<Schema>(BODIES).map(([name, body]) => [name, hoist(name, body)])
  return {
    openapi: '3.1.1',
    info: {
      title: 'OCI GenAI gateway',
      version: VERSION,
      license: { name: 'MIT', identifier: 'MIT' },
      description: 'OpenAI- and Anthropic-compatible gateway in front of Oracle Cloud (OCI) ' +
        'Generative AI. Each path below /v1 is also served without /v1, and below /openai, ' +
        '/openai/v1 and /openai/deployments/{deployment} as by Azure.',
    },
    servers: [{ url: '/' }],
    tags: TAGS,
    paths,
    components: {
      schemas: { ...Object.fromEntries(bodies), ...ERRORS },
      securitySchemes: {
        client: { type: 'http', scheme: 'bearer', description: 'A key of the gateway' },
        administration: { type: 'http', scheme: 'bearer', description: 'GATEWAY_ADMIN_KEY' },
        metrics: {
          ...{ type: 'http', scheme: 'bearer' },
          description: 'GATEWAY_METRICS_KEY or GATEWAY_ADMIN_KEY',
        },
      },
    },
  }
}

const TAGS = ['OpenAI', 'Anthropic', 'Cohere', 'Administration', 'Operations']
  .map((name) => ({ name }))

/** The two formats of errors. */
const ERRORS = {
  Error: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['message', 'type', 'param', 'code'],
        properties: {
          message: { type: 'string' },
          type: { type: 'string' },
          param: { type: ['string', 'null'] },
          code: { type: 'string' },
        },
      },
    },
  },
  AnthropicError: {
    type: 'object',
    required: ['type', 'error'],
    properties: {
      type: { const: 'error' },
      error: {
        type: 'object',
        required: ['type', 'message'],
        properties: { type: { type: 'string' }, message: { type: 'string' } },
      },
      request_id: { type: 'string' },
    },
  },
}

function describe(operation: Operation) {
  const { method, path, tag, summary, key, body, bodyTypes = [], query = {} } = operation
  const parameters = [
    ...Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
      ...{ name, in: 'path', required: true, schema: { type: 'string' } },
    })),
    ...Object.entries(query).map(([name, description]) => ({
      ...{ name, in: 'query', description, schema: { type: 'string' } },
    })),
  ]
  return {
    ...{ tags: [tag], summary, operationId: idOf(method, path) },
    ...(key !== 'none' && { security: [{ [key]: [] }, {}] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: jsonContent(body) } }),
    ...(bodyTypes.length > 0 && { requestBody: { content: anyContent(bodyTypes) } }),
    responses: describeResponses(operation),
  }
}

function describeResponses(operation: Operation) {
  const { method, tag, answers = [JSON_TYPE], success = 200, errors } = operation
  const error = tag === 'Anthropic' ? 'AnthropicError' : 'Error'
  const content = anyContent(answers)
  return {
    [success]: { description: 'Success', content },
    ...(method === 'delete' && tag === 'OpenAI' && {
      204: { description: 'Deleted. OCI has answered without content' },
    }),
    ...Object.fromEntries(errors.map((status) => [status, {
      description: DESCRIPTIONS[status] ?? 'Error',
      content: jsonContent(error),
    }])),
  }
}

const JSON_TYPE = 'application/json'

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is invalid',
  401: 'The key is missing or invalid',
  403: 'The key or the origin may not do this',
  404: 'No such object, model or path',
  408: 'The body was not received in time',
  413: 'The request is too large',
  415: 'The content type or encoding is not supported',
  429: 'A rate limit or budget is reached',
  500: 'Internal error',
  502: 'OCI has refused the call or is unreachable',
  503: 'Overloaded, or the store does not answer',
  504: 'OCI did not answer in time',
  529: 'Overloaded',
}

function anyContent(types: readonly string[]) {
  return Object.fromEntries(
    types.map((type) => [type, type === JSON_TYPE ? { schema: { type: 'object' } } : {}]),
  )
}

function jsonContent(schema: string) {
  return { [JSON_TYPE]: { schema: { $ref: `#/components/schemas/${schema}` } } }
}

function idOf(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  return [method, ...words].map((word, index) =>
    index === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`
  ).join('')
}

/** Definitions of a schema stay below it; references to them become absolute. */
function hoist(name: string, schema: Schema): Schema {
  const text = JSON.stringify(schema)
    .replaceAll('"#/$defs/', `"#/components/schemas/${name}/$defs/`)
  return JSON.parse(text) as Schema
}
