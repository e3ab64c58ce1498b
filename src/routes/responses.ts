import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { createRelayedResponse } from '../openai/responses/complete-relayed.ts'
import { decodeRequest } from '../openai/responses/decode.ts'
import { echoOf } from '../openai/responses/echo.ts'
import { createStreamEncoder } from '../openai/responses/encode-stream.ts'
import { encodeReply, type ResponseFrame } from '../openai/responses/encode.ts'
import { responseId } from '../openai/responses/identity.ts'
import { InputItem } from '../openai/responses/items-schema.ts'
import { recall, withItemIds } from '../openai/responses/recall.ts'
import { ResponsesRequest, TranslatedRequest } from '../openai/responses/schema.ts'
import type { StoredItem } from '../openai/responses/store.ts'
import type { ResponseObject } from '../openai/responses/wire.ts'
import { answerChat, type ChatExchange, type DecodedChat } from './answer-chat.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { readJson, validate } from './read-json.ts'
import { createReplyIdentity } from './reply-identity.ts'
import { storedAccess } from './stored-access.ts'

/** `POST /responses`: OpenAI's Responses API, whole or streamed. */
export function responses(context: RouteContext): Hono<GatewayEnvironment> {
  const { oci, heartbeat, total } = context
  return new Hono<GatewayEnvironment>()
    .post('/responses', async (c) => {
      const body = await readJson(c, ResponsesRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['stream'] = body.stream
      const abort = abortWithClient(c, total)
      return await answerChat(c, toChatExchange(c, body, context), { oci, heartbeat, abort })
    })
    .all('/responses', methodNotAllowed('POST'))
}

function toChatExchange(
  c: Context<GatewayEnvironment>,
  body: ResponsesRequest,
  context: RouteContext,
): ChatExchange {
  return {
    model: body.model,
    stream: body.stream,
    relay: {
      request: { path: '/responses', body, access: storedAccess(c, context) },
      heartbeat: ': keep-alive\n\n',
      completion: createRelayedResponse(),
    },
    decode: () => decode(c, body, context),
  }
}

async function decode(
  c: Context<GatewayEnvironment>,
  body: ResponsesRequest,
  { platform, responses: store, limits }: RouteContext,
): Promise<DecodedChat> {
  const owner = c.get('client')
  const { previous, own } = await recall(body, { store, owner }, limits)
  const read = validate(TranslatedRequest, { ...body, input: own })
  const isStored = store !== undefined && read.store !== false
  const { request, toolNames, warnings } = decodeRequest(read, {
    previous: validate(v.array(InputItem), previous),
    isStored,
  })
  const identity = createReplyIdentity(body.model, platform, responseId)
  const frameOf = (model = body.model): ResponseFrame => ({
    identity: { ...identity, model },
    echo: echoOf(read, body, { isStored }),
    toolNames,
    now: platform.now,
  })
  const storeResponse = (response: ResponseObject): void => {
    if (!isStored) return
    // The schema allows only objects as items.
    const input = withItemIds([...previous, ...own as StoredItem[]], response.id)
    void store.put({ response, input }, owner)
  }
  return {
    request,
    warnings,
    encodeReply(reply, fallback) {
      const response = encodeReply(reply, frameOf(fallback))
      storeResponse(response)
      return response
    },
    createEncoder: (fallback) =>
      createStreamEncoder(frameOf(fallback), { onComplete: storeResponse }),
  }
}
