import { Hono } from 'hono'
import { countTokens } from '../anthropic/messages/count-tokens.ts'
import { decodeRequest } from '../anthropic/messages/decode.ts'
import { createStreamEncoder } from '../anthropic/messages/encode-stream.ts'
import { encodeReply } from '../anthropic/messages/encode.ts'
import { MessagesRequest } from '../anthropic/messages/schema.ts'
import { showsThinking } from '../anthropic/messages/thinking.ts'
import type { ReplyIdentity } from '../anthropic/messages/wire.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { answerChat, type ChatExchange } from './answer-chat.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { readJson } from './read-json.ts'

/** `POST /messages`, whole or streamed, and `POST /messages/count_tokens`: Anthropic's Messages API. */
export function messages(context: RouteContext): Hono<GatewayEnvironment> {
  const { oci, platform, heartbeat, total } = context
  return new Hono<GatewayEnvironment>()
    .post('/messages', async (c) => {
      const body = await readJson(c, MessagesRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['stream'] = body.stream
      const abort = abortWithClient(c, total)
      const id = `msg_${platform.randomId()}`
      const exchange = toChatExchange(body, { id, requestId: c.get('requestId') })
      return await answerChat(c, exchange, { oci, heartbeat, abort })
    })
    .post('/messages/count_tokens', async (c) => {
      const body = await readJson(c, MessagesRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      const { request, warnings } = decodeRequest(body)
      const count = { input_tokens: countTokens(request), context_management: null }
      return c.json(count, 200, replyHeaders({ warnings }))
    })
    .all('/messages/count_tokens', methodNotAllowed('POST'))
    .all('/messages', methodNotAllowed('POST'))
}

function toChatExchange(
  body: MessagesRequest,
  { id, requestId }: Pick<ReplyIdentity, 'id' | 'requestId'>,
): ChatExchange {
  const shared = { id, requestId, model: body.model, thinking: showsThinking(body) }
  return {
    model: body.model,
    stream: body.stream,
    decode: () => {
      const { toolsets, ...decoded } = decodeRequest(body)
      const identity = { ...shared, toolsets }
      return {
        ...decoded,
        encodeReply: (reply, model = identity.model) => encodeReply(reply, { ...identity, model }),
        createEncoder: (model = identity.model) =>
          createStreamEncoder({ ...identity, model }, countTokens(decoded.request)),
      }
    },
  }
}
