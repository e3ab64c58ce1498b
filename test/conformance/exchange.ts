import type { TestGateway } from '../cases/gateway.ts'
import type { Upstream } from '../cases/upstream.ts'
import type { Checked, Violation } from './checked.ts'
import { checkOrder } from './order/check-order.ts'
import type { PublishedType } from './published.ts'

/** The set-ups of the gateway, see `gateways.ts`. */
export type GatewayName = 'translated' | 'relayed' | 'bearer' | 'priced' | 'priced-relayed'

/** A request to the gateway. */
export interface Request {
  name: string
  gateway: GatewayName
  method?: 'GET' | 'DELETE'
  path: string
  headers?: Readonly<Record<string, string>>
  /** A text is sent unchanged. */
  body?: object | string
  /**
   * The expected status; by default 200. `any` is for models without a feature, `interrupted` for
   * streams that may fail before they begin, `failure` for any error.
   */
  status?: number | 'any' | 'interrupted' | 'failure'
  /** Answers OCI's part instead of the simulator. */
  upstream?: Upstream
  /** Requests that need the answer. */
  then?: (answer: { id: string }) => readonly Request[]
}

/** What one request contributes to the check. */
export interface Exchanged {
  status: number
  checked: Checked[]
  violations: Violation[]
  /** The parsed answer, if it is not streamed. */
  answer: unknown
}

/** Sends a request and sorts its answer, or each of its events, by the type that it must have. */
export async function exchange(
  request: Request,
  { fetch }: Pick<TestGateway, 'fetch'>,
): Promise<Exchanged> {
  const { body, path, headers, method = 'POST', status: expected = 200 } = request
  const response = await fetch(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const { status } = response
  const text = await response.text()
  const violations = isExpected(status, expected) ? [] : [statusViolation(request, status, text)]
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return { status, ...readStream(request, text, violations), answer: undefined }
  }
  const value = parse(text)
  if (value === undefined) {
    const message = `not JSON: ${text.slice(0, 200)}`
    violations.push({ request: request.name, path: 'answer', message })
  }
  const types = value === undefined ? [] : typesOf(request, status)
  const checked = types.map((type): Checked => ({
    type,
    value,
    request: request.name,
    at: 'answer',
  }))
  return { status, checked, violations, answer: value }
}

function isExpected(status: number, expected: NonNullable<Request['status']>): boolean {
  switch (expected) {
    case 'any':
      return status < 500
    case 'interrupted':
      return true
    case 'failure':
      return status >= 400
    default:
      return status === expected
  }
}

function statusViolation({ name }: Request, status: number, text: string): Violation {
  return { request: name, path: 'status', message: `${status}: ${text.slice(0, 400)}` }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const PATHS: readonly (readonly [pattern: RegExp, types: readonly PublishedType[]])[] = [
  [/\/chat\/completions$/, ['ChatCompletion']],
  [/\/v1\/completions$/, ['Completion']],
  [/\/embeddings$/, ['CreateEmbeddingResponse']],
  [/\/moderations$/, ['ModerationCreateResponse']],
  [/\/models$/, ['ModelList']],
  [/\/models\//, ['Model']],
  [/\/responses$/, ['Response']],
  [/\/responses\/compact$/, ['CompactedResponse']],
  [/\/responses\/input_tokens$/, ['InputTokenCountResponse']],
  [/\/input_items$/, ['ResponseItemList']],
  [/\/responses\/[^/]+$/, ['Response']],
  [/\/messages$/, ['Message', 'BetaMessage']],
  [/\/count_tokens$/, ['MessageTokensCount', 'BetaMessageTokensCount']],
]

function typesOf({ path, method }: Request, status: number): readonly PublishedType[] {
  const [bare = ''] = path.split('?')
  if (status !== 200) return [bare.includes('/messages') ? 'AnthropicError' : 'OpenAIError']
  if (method === 'DELETE') return ['ResponseDeleted']
  const found = PATHS.find(([pattern]) => pattern.test(bare))
  if (!found) throw new Error(`Cannot check the answer of ${path}: its type is not in PATHS`)
  return found[1]
}

/** An event of a stream. */
export interface StreamEvent {
  name: string | undefined
  /** `undefined` if it is not JSON. */
  data: unknown
}

function readStream(
  request: Request,
  text: string,
  violations: Violation[],
): Pick<Exchanged, 'checked' | 'violations'> {
  const events = readEvents(text)
  for (const [at, { data }] of events.entries()) {
    if (data !== undefined) continue
    violations.push({ request: request.name, path: `event ${at}`, message: 'not JSON' })
  }
  const readable = events.filter(({ data }) => data !== '[DONE]' && data !== undefined)
  const checked = readable.flatMap(({ data }, at) =>
    eventTypesOf(request, data).map((type): Checked => ({
      type,
      value: data,
      request: request.name,
      at: `event ${at}`,
    }))
  )
  const disordered = checkOrder(request.path, events.filter(({ data }) => data !== undefined))
    .map((message): Violation => ({ request: request.name, path: 'order of events', message }))
  return { checked, violations: [...violations, ...disordered] }
}

function readEvents(text: string): StreamEvent[] {
  return text.split('\n\n').flatMap((block): StreamEvent[] => {
    const lines = block.split('\n')
    const data = lines.find((line) => line.startsWith('data: '))?.slice('data: '.length)
    if (data === undefined) return []
    const name = lines.find((line) => line.startsWith('event: '))?.slice('event: '.length)
    return [{ name, data: data === '[DONE]' ? data : parse(data) }]
  })
}

function eventTypesOf({ path }: Request, data: unknown): readonly PublishedType[] {
  const { type } = data as { type?: unknown }
  const isFailure = typeof data === 'object' && data !== null && 'error' in data
  if (path.endsWith('/chat/completions')) return [isFailure ? 'OpenAIError' : 'ChatCompletionChunk']
  if (path.endsWith('/completions')) return [isFailure ? 'OpenAIError' : 'CompletionChunk']
  if (path.includes('/responses')) return ['ResponseStreamEvent']
  if (type === 'ping') return ['AnthropicPing']
  return type === 'error' ? ['AnthropicError'] : ['MessageStreamEvent', 'BetaMessageStreamEvent']
}
