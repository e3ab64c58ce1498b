import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { createJourney } from '../oci/attempts.ts'
import { decodeRequest } from '../openai/responses/decode.ts'
import { echoOf } from '../openai/responses/echo.ts'
import { createStreamEncoder } from '../openai/responses/encode-stream.ts'
import { encodeReply, type ResponseFrame } from '../openai/responses/encode.ts'
import { encodeErrorEvent } from '../openai/responses/error-event.ts'
import { responseId } from '../openai/responses/identity.ts'
import { InputItem } from '../openai/responses/items-schema.ts'
import { recall, withItemIds } from '../openai/responses/recall.ts'
import { ResponsesRequest, TranslatedRequest } from '../openai/responses/schema.ts'
import type { StoredItem } from '../openai/responses/store.ts'
import type { ResponseObject } from '../openai/responses/wire.ts'
import { answerChat, type ChatFace } from './answer-chat.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { passOn } from './pass-on.ts'
import { holdTo, readJson } from './read-json.ts'
import { storedAccess } from './stored-access.ts'

/** `POST /responses`: OpenAI's Responses, whole or streamed. */
export function responses(context: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .post('/responses', async (c) => {
      const body = await readJson(c, ResponsesRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['stream'] = body.stream
      return await answer(c, body, context)
    })
    .all('/responses', methodNotAllowed('POST'))
}

/**
 * Most models are asked as in a chat, in our translation; some through the endpoint where OCI speaks
 * OpenAI itself, as the client wrote it.
 */
async function answer(
  c: Context<GatewayEnvironment>,
  body: ResponsesRequest,
  context: RouteContext,
): Promise<Response> {
  const { oci, heartbeat, total } = context
  const abort = abortWithClient(c, total)
  const journey = createJourney()
  const call = callContext(c, abort, journey)
  const access = storedAccess(c, context)
  const relayed = await oci.relay({ path: '/responses', body, asked: body.model, access }, call)
  if (relayed) {
    return passOn(c, relayed, {
      abort,
      heartbeat: { text: ': keep-alive\n\n', ms: heartbeat },
      errorEvent: encodeErrorEvent,
    })
  }
  await call.takeTurn?.()
  return await answerChat(c, await faceOf(c, body, context), { oci, heartbeat, abort, journey })
}

async function faceOf(
  c: Context<GatewayEnvironment>,
  body: ResponsesRequest,
  { platform, responses: store, limits }: RouteContext,
): Promise<ChatFace> {
  const owner = c.get('client')
  const { previous, own } = await recall(body, { store, owner }, limits)
  const read = holdTo(TranslatedRequest, { ...body, input: own })
  const isStored = store !== undefined && read.store !== false
  const { request, book, warnings } = decodeRequest(read, {
    previous: holdTo(v.array(InputItem), previous),
    isStored,
  })
  const identity = identify(body, platform)
  const frameOf = (model = body.model): ResponseFrame => ({
    identity: { ...identity, model },
    echo: echoOf(read, body, { isStored }),
    book,
    now: platform.now,
  })
  const keep = (response: ResponseObject): void => {
    if (!isStored) return
    // The schema let nothing but objects through.
    const input = withItemIds([...previous, ...own as StoredItem[]], response.id)
    void store.put({ response, input }, owner)
  }
  return {
    request,
    warnings,
    stream: body.stream,
    encodeReply(reply, fallback) {
      const response = encodeReply(reply, frameOf(fallback))
      keep(response)
      return response
    },
    createEncoder: (fallback) => createStreamEncoder(frameOf(fallback), { onComplete: keep }),
  }
}

function identify(
  { model }: ResponsesRequest,
  platform: RouteContext['platform'],
): ResponseFrame['identity'] {
  return {
    id: responseId(platform.randomId()),
    created: Math.floor(platform.now() / 1000),
    model,
  }
}
