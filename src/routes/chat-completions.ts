import { Hono } from 'hono'
import type { YieldToEventLoop } from '../access/heavy-work.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { createRelayedChat } from '../openai/chat/complete-relayed.ts'
import { decodeRequest } from '../openai/chat/decode.ts'
import { createStreamEncoder } from '../openai/chat/encode-stream.ts'
import { encodeReply } from '../openai/chat/encode.ts'
import { ChatCompletionRequest, ChatRoutingFields } from '../openai/chat/schema.ts'
import {
  functionCallEncoder,
  usesFunctions,
  withFunctionCalls,
  withFunctionNames,
  withTools,
} from '../openai/chat/legacy-functions.ts'
import { hasMisplacedMedia, relayableChat } from '../openai/chat/relayed-media.ts'
import type { ReplyIdentity } from '../openai/chat/wire.ts'
import type { Platform } from '../platform.ts'
import { answerChat, type ChatExchange, type DecodedChat } from './answer-chat.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { type ObjectAccess, objectAccess } from './object-access.ts'
import { type ReadBody, readBody, validate } from './read-json.ts'
import { createReplyIdentity } from './reply-identity.ts'

/** `POST /chat/completions`: OpenAI's chat, whole or streamed. */
export function chatCompletions(context: RouteContext): Hono<GatewayEnvironment> {
  const { oci, platform, heartbeat, total } = context
  return new Hono<GatewayEnvironment>()
    .post('/chat/completions', async (c) => {
      const { received, valid: body } = await readBody(c, ChatRoutingFields, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['stream'] = body.stream
      const identity = createReplyIdentity(body.model, platform, (id) => `chatcmpl-${id}`)
      const yieldToEventLoop = c.get('yieldToEventLoop')
      const exchange = toChatExchange(received, body.stream, {
        identity,
        platform,
        yieldToEventLoop,
        access: objectAccess(c, context),
      })
      return await answerChat(c, exchange, { oci, heartbeat, abort: abortWithClient(c, total) })
    })
    .all('/chat/completions', methodNotAllowed('POST'))
}

/** A relayed request is not validated further: OCI may know members that the gateway does not. */
function toChatExchange(
  received: ReadBody<unknown>['received'],
  stream: boolean,
  { identity, platform, yieldToEventLoop, access }: {
    identity: ReplyIdentity
    platform: Platform
    yieldToEventLoop: YieldToEventLoop | undefined
    access: ObjectAccess | undefined
  },
): ChatExchange {
  return {
    model: identity.model,
    stream,
    relay: hasMisplacedMedia(received) ? undefined : {
      request: { path: '/chat/completions', body: received, adapt: relayableChat, access },
      createHeartbeat: () => createStreamEncoder(identity, { includeUsage: false }).heartbeat(),
      createCompletion: () => createRelayedChat(() => `call_${platform.randomId()}`),
    },
    decode: () =>
      (usesFunctions(received) ? decodeLegacy : decodeChat)(
        received,
        identity,
        yieldToEventLoop,
      ),
  }
}

async function decodeLegacy(
  received: ReadBody<unknown>['received'],
  identity: ReplyIdentity,
  yieldToEventLoop: YieldToEventLoop | undefined,
): Promise<DecodedChat> {
  try {
    return withLegacyCalls(await decodeChat(withTools(received), identity, yieldToEventLoop))
  } catch (error) {
    throw withFunctionNames(error)
  }
}

function decodeChat(
  received: ReadBody<unknown>['received'],
  identity: ReplyIdentity,
  yieldToEventLoop: YieldToEventLoop | undefined,
): DecodedChat | Promise<DecodedChat> {
  const body = validate(ChatCompletionRequest, received)
  return yieldToEventLoop
    ? yieldToEventLoop().then(() => toDecodedChat(body, identity))
    : toDecodedChat(body, identity)
}

function toDecodedChat(body: ChatCompletionRequest, identity: ReplyIdentity): DecodedChat {
  const { customTools, ...decoded } = decodeRequest(body)
  const includeUsage = body.stream_options?.include_usage ?? false
  return {
    ...decoded,
    encodeReply: (reply, model = identity.model) =>
      encodeReply(reply, { ...identity, model }, customTools),
    createEncoder: (model = identity.model) =>
      createStreamEncoder({ ...identity, model }, { includeUsage, customTools }),
  }
}

/** A client that sends `functions` reads `function_call`, not `tool_calls`. */
function withLegacyCalls(decoded: DecodedChat): DecodedChat {
  return {
    ...decoded,
    encodeReply: (reply, fallback) => withFunctionCalls(decoded.encodeReply(reply, fallback)),
    createEncoder: (fallback) => functionCallEncoder(decoded.createEncoder(fallback)),
  }
}
