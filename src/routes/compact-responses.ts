import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { countTokens } from '../anthropic/messages/count-tokens.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { encodeCompacted } from '../openai/responses/encode-compaction.ts'
import { responseId } from '../openai/responses/identity.ts'
import { storable, withItemIds } from '../openai/responses/recall.ts'
import { ResponsesRequest } from '../openai/responses/schema.ts'
import { summaryRequest, userMessages } from '../openai/responses/summary.ts'
import { abortWithClient } from './abort-with-client.ts'
import { answerChat, type ChatExchange, type DecodedChat } from './answer-chat.ts'
import type { RouteContext } from './context.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { readConversation } from './read-conversation.ts'
import { readJson } from './read-json.ts'
import { createReplyIdentity } from './reply-identity.ts'

/** `POST /responses/input_tokens` and `POST /responses/compact`, which OCI does not have. */
export function compactResponses(context: RouteContext): Hono<GatewayEnvironment> {
  const { oci, heartbeat, total } = context
  return new Hono<GatewayEnvironment>()
    .post('/responses/input_tokens', async (c) => {
      const body = await readJson(c, CountRequest, context)
      const { decoded } = await readConversation(c, completed(body), context)
      const { request, warnings } = decoded
      const count = { object: 'response.input_tokens', input_tokens: countTokens(request) }
      return c.json(count, 200, replyHeaders({ warnings }))
    })
    .post('/responses/compact', async (c) => {
      const body = await readJson(c, ResponsesRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      const abort = abortWithClient(c, total)
      const exchange: ChatExchange = {
        model: body.model,
        stream: false,
        decode: () => decode(c, body, context),
      }
      return await answerChat(c, exchange, { oci, heartbeat, abort })
    })
    .all('/responses/input_tokens', methodNotAllowed('POST'))
    .all('/responses/compact', methodNotAllowed('POST'))
}

/** The model does not change the estimate. */
const CountRequest = v.looseObject({
  ...ResponsesRequest.entries,
  model: v.nullish(ResponsesRequest.entries.model, 'any'),
})

/** Both endpoints accept a request without input that continues a response. */
function completed(body: ResponsesRequest): ResponsesRequest {
  return { ...body, stream: false, input: body['input'] ?? [] }
}

async function decode(
  c: Context<GatewayEnvironment>,
  body: ResponsesRequest,
  context: RouteContext,
): Promise<DecodedChat> {
  const { read, previous, decoded } = await readConversation(c, completed(body), context)
  const identity = createReplyIdentity(body.model, context.platform, responseId)
  const kept = withItemIds(userMessages([...previous, ...storable(read.input)]), identity.id)
  return {
    request: summaryRequest(decoded.request),
    warnings: decoded.warnings,
    encodeReply: (reply) => encodeCompacted(reply, identity, kept),
    createEncoder() {
      throw new Error('A compacted response is never streamed')
    },
  }
}
