import { type Context, Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { decodeRequest } from '../openai/chat/decode.ts'
import { createStreamEncoder } from '../openai/chat/encode-stream.ts'
import { encodeReply } from '../openai/chat/encode.ts'
import { ChatCompletionRequest } from '../openai/chat/schema.ts'
import type { ReplyIdentity } from '../openai/chat/wire.ts'
import type { RouteContext } from './context.ts'
import { followClient } from './follow-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { noteAnswer } from './note-answer.ts'
import { readJson } from './read-json.ts'
import { streamAnswer } from './stream-answer.ts'

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
  const includeUsage = body.stream_options?.include_usage ?? false
  const encoder = createStreamEncoder(identify(body, platform), { includeUsage })
  const told = { ...answer, warnings: [...warnings, ...answer.warnings] }
  return streamAnswer(c, told, { encoder, abort, heartbeat })
}

function identify(body: ChatCompletionRequest, platform: RouteContext['platform']): ReplyIdentity {
  return {
    id: `chatcmpl-${platform.randomId()}`,
    created: Math.floor(platform.now() / 1000),
    model: body.model,
  }
}
