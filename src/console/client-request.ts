/** The client APIs of the playground. */
export const APIS = ['chat', 'responses', 'messages'] as const
export type Api = (typeof APIS)[number]

/** The names that people know, and the paths. */
export const API_NAMES: Readonly<Record<Api, string>> = {
  chat: 'Chat',
  responses: 'Responses',
  messages: 'Messages',
}
const PATHS: Readonly<Record<Api, string>> = {
  chat: 'v1/chat/completions',
  responses: 'v1/responses',
  messages: 'v1/messages',
}

/** One message of a conversation. Only a user's may have an image, as a `data:` URL. */
export interface Turn {
  role: 'user' | 'assistant'
  text: string
  image?: string | undefined
}

/** What the form of the playground has. Empty texts are not sent. */
export interface PromptForm {
  api: Api
  model: string
  system: string
  /** A JSON array of functions in the form of Chat Completions. */
  tools: string
  /** A JSON Schema. */
  schema: string
  maxTokens: string
  temperature: string
}

/** A request to the gateway. */
export interface ClientRequest {
  path: string
  headers: Readonly<Record<string, string>>
  body: object
}

/** A field of the form whose text is not valid. */
export class FormError extends Error {
  readonly field: keyof PromptForm

  constructor(field: keyof PromptForm, message: string) {
    super(message)
    this.field = field
  }
}

/** A tool in the form of Chat Completions. */
interface FunctionTool {
  name: string
  description?: string
  parameters?: object
}

interface Options {
  system: string
  tools: readonly FunctionTool[]
  schema: object | undefined
  maxTokens: number | undefined
  temperature: number | undefined
}

/** Messages requires a limit. */
const DEFAULT_MAX_TOKENS = 4_096
/** Anthropic's clients send it. */
const ANTHROPIC_VERSION = '2023-06-01'

/** Builds a streamed request. Throws a FormError for a field that is not valid. */
export function buildRequest(form: PromptForm, turns: readonly Turn[]): ClientRequest {
  const options: Options = {
    system: form.system.trim(),
    tools: toolsOf(form.tools),
    schema: form.schema.trim() === '' ? undefined : objectOf('schema', form.schema),
    maxTokens: numberOf('maxTokens', form.maxTokens),
    temperature: numberOf('temperature', form.temperature),
  }
  const headers = {
    'content-type': 'application/json',
    ...(form.api === 'messages' && { 'anthropic-version': ANTHROPIC_VERSION }),
  }
  return { path: PATHS[form.api], headers, body: bodyOf(form, turns, options) }
}

function bodyOf({ api, model }: PromptForm, turns: readonly Turn[], options: Options): object {
  switch (api) {
    case 'chat':
      return chatBody(model, turns, options)
    case 'responses':
      return responsesBody(model, turns, options)
    case 'messages':
      return messagesBody(model, turns, options)
  }
}

function chatBody(model: string, turns: readonly Turn[], options: Options): object {
  const { system, tools, schema, maxTokens, temperature } = options
  const content = ({ text, image }: Turn) =>
    image === undefined
      ? text
      : [{ type: 'text', text }, { type: 'image_url', image_url: { url: image } }]
  return {
    model,
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      ...turns.map((turn) => ({ role: turn.role, content: content(turn) })),
    ],
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ type: 'function', function: tool })),
    }),
    ...(schema && {
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
    }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    stream: true,
    stream_options: { include_usage: true },
  }
}

function responsesBody(model: string, turns: readonly Turn[], options: Options): object {
  const { system, tools, schema, maxTokens, temperature } = options
  const content = ({ role, text, image }: Turn) => [
    { type: role === 'user' ? 'input_text' : 'output_text', text },
    ...(image === undefined ? [] : [{ type: 'input_image', image_url: image }]),
  ]
  return {
    model,
    ...(system !== '' && { instructions: system }),
    input: turns.map((turn) => ({ role: turn.role, content: content(turn) })),
    ...(tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function', ...tool })) }),
    ...(schema && { text: { format: { type: 'json_schema', name: 'answer', schema } } }),
    ...(maxTokens !== undefined && { max_output_tokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    store: false,
    stream: true,
  }
}

function messagesBody(model: string, turns: readonly Turn[], options: Options): object {
  const { system, tools, schema, maxTokens = DEFAULT_MAX_TOKENS, temperature } = options
  const content = ({ text, image }: Turn) =>
    image === undefined
      ? text
      : [{ type: 'image', source: base64Source(image) }, { type: 'text', text }]
  return {
    model,
    max_tokens: maxTokens,
    ...(system !== '' && { system }),
    messages: turns.map((turn) => ({ role: turn.role, content: content(turn) })),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters = { type: 'object' } }) => ({
        ...{ name, description, input_schema: parameters },
      })),
    }),
    ...(schema && { output_config: { format: { type: 'json_schema', schema } } }),
    ...(temperature !== undefined && { temperature }),
    stream: true,
  }
}

/** Divides `data:image/png;base64,…`. */
function base64Source(url: string): object {
  const [head = '', data = ''] = url.split(',')
  return { type: 'base64', media_type: head.slice('data:'.length).split(';')[0], data }
}

function toolsOf(text: string): readonly FunctionTool[] {
  if (text.trim() === '') return []
  const json = parse('tools', text)
  const list = Array.isArray(json) ? json : [json]
  return list.map((tool: unknown) => {
    const inner = isObject(tool) && isObject(tool['function']) ? tool['function'] : tool
    if (isObject(inner) && typeof inner['name'] === 'string') return inner as object as FunctionTool
    throw new FormError('tools', 'Each tool needs a "name", "description" and "parameters"')
  })
}

function objectOf(field: keyof PromptForm, text: string): object {
  const json = parse(field, text)
  if (isObject(json)) return json
  throw new FormError(field, 'Must be a JSON object')
}

function parse(field: keyof PromptForm, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FormError(field, `Not valid JSON: ${error instanceof Error ? error.message : ''}`)
  }
}

function numberOf(field: keyof PromptForm, text: string): number | undefined {
  if (text.trim() === '') return undefined
  const number = Number(text)
  if (Number.isFinite(number) && number >= 0) return number
  throw new FormError(field, 'Must be a number')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A command for a POSIX shell that sends the request. `hasKey`: the gateway needs a client key. */
export function curlCommand(base: string, request: ClientRequest, hasKey: boolean): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`)
  const all = [...headers, ...(hasKey ? ['authorization: Bearer $GATEWAY_KEY'] : [])]
  const lines = all.map((header) => `  -H ${header.includes('$') ? `"${header}"` : quoted(header)}`)
  const body = JSON.stringify(request.body, null, 2)
  return [`curl -N ${quoted(`${base}/${request.path}`)}`, ...lines, `  -d ${quoted(body)}`]
    .join(' \\\n')
}

function quoted(text: string): string {
  return `'${text.replaceAll(`'`, `'\\''`)}'`
}
