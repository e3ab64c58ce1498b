import { type Context, Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { createRelayedResponse } from '../openai/responses/complete-relayed.ts'
import { echoOf } from '../openai/responses/echo.ts'
import {
  createCompactionEncoder,
  encodeCompactionReply,
} from '../openai/responses/encode-compaction.ts'
import { createStreamEncoder } from '../openai/responses/encode-stream.ts'
import { encodeReply, type ResponseFrame } from '../openai/responses/encode.ts'
import { responseId } from '../openai/responses/identity.ts'
import { storable, withItemIds } from '../openai/responses/recall.ts'
import { relayableResponse } from '../openai/responses/relayed-media.ts'
import { ResponsesRequest } from '../openai/responses/schema.ts'
import { asksForSummary, summaryRequest, userMessages } from '../openai/responses/summary.ts'
import { needsTranslation } from '../openai/responses/translated-only.ts'
import type { ResponseObject } from '../openai/responses/wire.ts'
import type { OpenAiRequest } from '../oci/relay/relay.ts'
import { answerChat, type ChatExchange, type DecodedChat } from './answer-chat.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { objectAccess } from './object-access.ts'
import { ownerOf } from './owner.ts'
import { readConversation } from './read-conversation.ts'
import { readBody } from './read-json.ts'
import { createReplyIdentity } from './reply-identity.ts'

/** `POST /responses`: OpenAI's Responses API, whole or streamed. */
export function responses(context: RouteContext): Hono<GatewayEnvironment> {
  const { oci, heartbeat, total } = context
  return new Hono<GatewayEnvironment>()
    .post('/responses', async (c) => {
      const { received, valid: body } = await readBody(c, ResponsesRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['stream'] = body.stream
      const abort = abortWithClient(c, total)
      return await answerChat(c, toChatExchange(c, body, received, context), {
        oci,
        heartbeat,
        abort,
      })
    })
    .all('/responses', methodNotAllowed('POST'))
}

function toChatExchange(
  c: Context<GatewayEnvironment>,
  body: ResponsesRequest,
  received: OpenAiRequest['body'],
  context: RouteContext,
): ChatExchange {
  return {
    model: body.model,
    stream: body.stream,
    relay: needsTranslation(body) ? undefined : {
      request: {
        path: '/responses',
        body: received,
        adapt: relayableResponse,
        access: objectAccess(c, context),
      },
      createHeartbeat: () => ': keep-alive\n\n',
      createCompletion: createRelayedResponse,
    },
    decode: () => decode(c, body, context),
  }
}

async function decode(
  c: Context<GatewayEnvironment>,
  body: ResponsesRequest,
  context: RouteContext,
): Promise<DecodedChat> {
  const owner = ownerOf(c)
  const { platform, responses: store } = context
  const isSummary = asksForSummary(body['input'])
  const conversation = await readConversation(c, isSummary ? withoutTrigger(body) : body, context)
  const { read, previous, isStored, decoded } = conversation
  const identity = createReplyIdentity(body.model, platform, responseId)
  const frameOf = (model = body.model): ResponseFrame => ({
    identity: { ...identity, model },
    echo: echoOf(read, body, { isStored }),
    toolNames: decoded.toolNames,
    now: platform.now,
  })
  const storing = createPending()
  const storeResponse = (response: ResponseObject): void => {
    if (!isStored) return
    const items = [...previous, ...storable(read.input)]
    const input = withItemIds(isSummary ? userMessages(items) : items, response.id)
    storing.set(store?.put({ response, input }, owner))
  }
  const [encode, createEncoder] = isSummary
    ? [encodeCompactionReply, createCompactionEncoder]
    : [encodeReply, createStreamEncoder]
  return {
    request: isSummary ? summaryRequest(decoded.request) : decoded.request,
    warnings: decoded.warnings,
    encodeReply(reply, fallback) {
      const response = encode(reply, frameOf(fallback))
      storeResponse(response)
      return response
    },
    createEncoder: (fallback) => createEncoder(frameOf(fallback), { onComplete: storeResponse }),
    stored: storing.take,
  }
}

/** A promise that is awaited once. */
function createPending() {
  let pending: Promise<void> | undefined
  return {
    set: (promise: Promise<void> | undefined) => void (pending = promise),
    take() {
      const taken = pending
      pending = undefined
      return taken
    },
  }
}

function withoutTrigger(body: ResponsesRequest): ResponsesRequest {
  const { input } = body
  return { ...body, input: Array.isArray(input) ? input.slice(0, -1) : input }
}
