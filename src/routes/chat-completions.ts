import { type Context, Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { createJourney } from '../oci/attempts.ts'
import { decodeRequest } from '../openai/chat/decode.ts'
import { createStreamEncoder } from '../openai/chat/encode-stream.ts'
import { encodeReply } from '../openai/chat/encode.ts'
import { ChatCompletionRequest } from '../openai/chat/schema.ts'
import type { ReplyIdentity } from '../openai/chat/wire.ts'
import { encodeErrorEvent } from '../openai/error.ts'
import { answerChat, type ChatFace } from './answer-chat.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { passOn } from './pass-on.ts'
import { readJson } from './read-json.ts'

/** `POST /chat/completions`: OpenAI's chat, whole or streamed. */
export function chatCompletions(context: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .post('/chat/completions', async (c) => {
      const body = await readJson(c, ChatCompletionRequest, context)
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
  { oci, platform, heartbeat, total }: RouteContext,
): Promise<Response> {
  const abort = abortWithClient(c, total)
  const journey = createJourney()
  const call = callContext(c, abort, journey)
  const request = { path: '/chat/completions', body, asked: body.model } as const
  const identity = identify(body, platform)
  const heart = createStreamEncoder(identity, { includeUsage: false }).heartbeat()
  const options = {
    abort,
    heartbeat: { text: heart, ms: heartbeat },
    errorEvent: encodeErrorEvent,
  }
  const relayed = await oci.relay(request, call)
  if (relayed) return passOn(c, relayed, options)
  await call.takeTurn?.()
  try {
    return await answerChat(c, faceOf(body, identity), { oci, heartbeat, abort, journey })
  } catch (error) {
    const otherwise = await oci.relay(request, call, error)
    if (otherwise) return passOn(c, otherwise, options)
    throw error
  }
}

function faceOf(body: ChatCompletionRequest, identity: ReplyIdentity): ChatFace {
  const includeUsage = body.stream_options?.include_usage ?? false
  return {
    ...decodeRequest(body),
    stream: body.stream,
    encodeReply: (reply, model = identity.model) => encodeReply(reply, { ...identity, model }),
    createEncoder: (model = identity.model) =>
      createStreamEncoder({ ...identity, model }, { includeUsage }),
  }
}

function identify(body: ChatCompletionRequest, platform: RouteContext['platform']): ReplyIdentity {
  return {
    id: `chatcmpl-${platform.randomId()}`,
    created: Math.floor(platform.now() / 1000),
    model: body.model,
  }
}
