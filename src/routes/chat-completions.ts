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
import { passOn } from './pass-on.ts'
import { readJson } from './read-json.ts'
import { streamAnswer } from './stream-answer.ts'

/** `POST /chat/completions`: OpenAI's chat, whole or streamed. */
export function chatCompletions(context: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .post('/chat/completions', async (c) => {
      const body = await readJson(c.req.raw, ChatCompletionRequest, context.bodyLimit)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['stream'] = body.stream
      return await answer(c, body, context)
    })
    .all('/chat/completions', methodNotAllowed('POST'))
}

/**
 * Most models are asked through OCI's actions, in our translation; some through the endpoint where
 * OCI speaks OpenAI itself, as the client wrote it.
 */
async function answer(
  c: Context<GatewayEnvironment>,
  body: ChatCompletionRequest,
  context: RouteContext,
): Promise<Response> {
  const abort = followClient(c.req.raw.signal)
  const call = { signal: abort.signal, requestId: c.get('requestId') }
  const request = { path: '/chat/completions', body, asked: body.model } as const
  const encoder = createStreamEncoder(identify(body, context.platform), { includeUsage: false })
  const options = { abort, heartbeat: { text: encoder.heartbeat(), ms: context.heartbeat } }
  const relayed = await context.oci.relay(request, call)
  if (relayed) return passOn(c, relayed, options)
  try {
    return await (body.stream ? answerStreamed : answerWhole)(c, body, { ...context, abort })
  } catch (error) {
    const otherwise = await context.oci.relay(request, call, error)
    if (otherwise) return passOn(c, otherwise, options)
    throw error
  }
}

interface AnswerContext extends RouteContext {
  abort: AbortController
}

async function answerWhole(
  c: Context<GatewayEnvironment>,
  body: ChatCompletionRequest,
  { oci, platform, abort: { signal } }: AnswerContext,
): Promise<Response> {
  const { request, warnings } = decodeRequest(body)
  const answer = await oci.chat(request, { signal, requestId: c.get('requestId') })
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
  { oci, platform, heartbeat, abort }: AnswerContext,
): Promise<Response> {
  const { request, warnings } = decodeRequest(body)
  const call = { signal: abort.signal, requestId: c.get('requestId') }
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
