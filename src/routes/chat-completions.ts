import { Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { createRelayedChat } from '../openai/chat/complete-relayed.ts'
import { decodeRequest } from '../openai/chat/decode.ts'
import { createStreamEncoder } from '../openai/chat/encode-stream.ts'
import { encodeReply } from '../openai/chat/encode.ts'
import { ChatCompletionRequest } from '../openai/chat/schema.ts'

import type { ReplyIdentity } from '../openai/chat/wire.ts'
import type { Platform } from '../platform.ts'
import { answerChat, type ChatExchange } from './answer-chat.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { readJson } from './read-json.ts'
import { createReplyIdentity } from './reply-identity.ts'

/** `POST /chat/completions`: OpenAI's chat, whole or streamed. */
export function chatCompletions(context: RouteContext): Hono<GatewayEnvironment> {
  const { oci, platform, heartbeat, total } = context
  return new Hono<GatewayEnvironment>()
    .post('/chat/completions', async (c) => {
      const body = await readJson(c, ChatCompletionRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['stream'] = body.stream
      const identity = createReplyIdentity(body.model, platform, (id) => `chatcmpl-${id}`)
      const exchange = toChatExchange(body, identity, platform)
      return await answerChat(c, exchange, { oci, heartbeat, abort: abortWithClient(c, total) })
    })
    .all('/chat/completions', methodNotAllowed('POST'))
}

function toChatExchange(
  body: ChatCompletionRequest,
  identity: ReplyIdentity,
  platform: Platform,
): ChatExchange {
  const includeUsage = body.stream_options?.include_usage ?? false
  return {
    model: body.model,
    stream: body.stream,
    relay: {
      request: { path: '/chat/completions', body },
      heartbeat: createStreamEncoder(identity, { includeUsage: false }).heartbeat(),
      completion: createRelayedChat(() => `call_${platform.randomId()}`),
    },
    decode: () => {
      const { customTools, ...decoded } = decodeRequest(body)
      return {
        ...decoded,
        encodeReply: (reply, model = identity.model) =>
          encodeReply(reply, { ...identity, model }, customTools),
        createEncoder: (model = identity.model) =>
          createStreamEncoder({ ...identity, model }, { includeUsage, customTools }),
      }
    },
  }
}
