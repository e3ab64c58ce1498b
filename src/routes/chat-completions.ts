import { type Context, Hono } from 'hono'
import type { ChatEventBatches } from '../chat/events.ts'
import type { Usage } from '../chat/model.ts'
import { ApiError, toApiError } from '../errors.ts'
import { decodeRequest } from '../openai/chat/decode.ts'
import { createStreamEncoder, type StreamEncoder } from '../openai/chat/encode-stream.ts'
import { encodeReply } from '../openai/chat/encode.ts'
import { ChatCompletionRequest } from '../openai/chat/schema.ts'
import type { ReplyIdentity } from '../openai/chat/wire.ts'
import { encodeError } from '../openai/error.ts'
import { sseResponse, type StreamOutcome } from '../sse/response.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import type { RouteContext } from './context.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { readJson } from './read-json.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'

/** `POST /chat/completions`: OpenAI's chat, whole or streamed. */
export function chatCompletions(context: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .post('/chat/completions', async (c) => {
      const body = await readJson(c.req.raw, ChatCompletionRequest, context.bodyLimit)
      c.var.log['model'] = body.model.slice(0, 200)
      c.var.log['stream'] = body.stream
      return await (body.stream ? answerStreamed : answerWhole)(c, body, context)
    })
    .all('/chat/completions', methodNotAllowed('POST'))
}

async function answerWhole(
  c: Context<GatewayEnvironment>,
  body: ChatCompletionRequest,
  { oci, platform }: RouteContext,
): Promise<Response> {
  const { request, warnings } = decodeRequest(body)
  const { signal } = followClient(c.req.raw.signal)
  const answer = await oci.chat(request, { signal, requestId: c.var.requestId })
  noteAnswer(c, answer.opcRequestId, answer.value.usage)
  const reply = encodeReply(answer.value, identify(body, platform))
  return c.json(
    reply,
    200,
    replyHeaders({ ...answer, warnings: [...warnings, ...answer.warnings] }),
  )
}

async function answerStreamed(
  c: Context<GatewayEnvironment>,
  body: ChatCompletionRequest,
  { oci, platform, heartbeat }: RouteContext,
): Promise<Response> {
  const { request, warnings } = decodeRequest(body)
  const abort = followClient(c.req.raw.signal)
  const call = { signal: abort.signal, requestId: c.var.requestId }
  const answer = await oci.streamChat(request, call)
  noteAnswer(c, answer.opcRequestId, undefined)
  const includeUsage = body.stream_options?.include_usage ?? false
  const encoder = createStreamEncoder(identify(body, platform), { includeUsage })
  const finishLog = c.var.finishLog
  c.set('finishLog', undefined)
  return sseResponse(encodeBatches(answer.value, encoder, c), {
    abort,
    heartbeat: { text: encoder.heartbeat(), ms: heartbeat },
    headers: replyHeaders({ ...answer, warnings: [...warnings, ...answer.warnings] }),
    onError: (thrown) => {
      const error = toApiError(thrown)
      c.var.log['error'] = error.code
      return `data: ${JSON.stringify(encodeError(error))}\n\n`
    },
    onEnd: (outcome) => endLog(c, outcome, finishLog),
  })
}

/** The role goes out at once: the client sees that the stream has begun. */
async function* encodeBatches(
  batches: ChatEventBatches,
  encoder: StreamEncoder,
  c: Context<GatewayEnvironment>,
): AsyncGenerator<string> {
  yield encoder.start()
  for await (const events of batches) {
    for (const event of events) {
      if (event.type === 'usage') noteUsage(c, event.usage)
    }
    yield encoder.encode(events)
  }
  yield encoder.end()
}

/** A controller of our own: it says why it was aborted, and it can also be ended by an error. */
function followClient(client: AbortSignal): AbortController {
  const abort = new AbortController()
  const leave = () => abort.abort(clientClosed(client.reason))
  if (client.aborted) leave()
  else client.addEventListener('abort', leave, { once: true })
  return abort
}

function clientClosed(cause: unknown): ApiError {
  return new ApiError('client_closed', 'Cannot answer: the client left', { cause })
}

function identify(body: ChatCompletionRequest, platform: RouteContext['platform']): ReplyIdentity {
  return {
    id: `chatcmpl-${platform.randomId()}`,
    created: Math.floor(platform.now() / 1000),
    model: body.model,
  }
}

function noteAnswer(
  c: Context<GatewayEnvironment>,
  opcRequestId: string | undefined,
  usage: Usage | undefined,
): void {
  c.var.log['opcRequestId'] = opcRequestId
  if (usage) noteUsage(c, usage)
}

function noteUsage(c: Context<GatewayEnvironment>, usage: Usage): void {
  c.var.log['promptTokens'] = usage.prompt
  c.var.log['completionTokens'] = usage.completion
}

function endLog(
  c: Context<GatewayEnvironment>,
  outcome: StreamOutcome,
  finishLog: (() => void) | undefined,
): void {
  c.var.log['outcome'] = outcome === 'left' ? 'client_closed' : outcome
  finishLog?.()
}
