import type { Context } from 'hono'
import type { AbortHandle } from '../abort.ts'
import type { ChatReply, ChatRequest } from '../chat/model.ts'
import type { StreamEncoder } from '../chat/stream-encoder.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import type { Answer } from '../oci/answer.ts'
import type { Relayed } from '../oci/relay/read-answer.ts'
import type { OpenAiRequest } from '../oci/relay/relay.ts'
import type { RelayCompletion } from '../openai/relay-completion.ts'
import { answerJson } from './answer-json.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { recordAnswer } from './record-usage.ts'
import { relayAnswer, streamAnswer } from './stream-answer.ts'

/** A chat request of one client API and the encoding of its answer. */
export interface ChatExchange {
  /** The model as the client named it. */
  model: string
  stream: boolean
  /** Decodes the request. Called at most once, and never for a relayed request. */
  decode(): DecodedChat | Promise<DecodedChat>
  /** Only for OpenAI's client APIs. */
  relay?: RelayOptions | undefined
}

/** A decoded request and the encoders of its answer. */
export interface DecodedChat {
  request: ChatRequest
  /** Fields that are not supported, each line starting with the field. */
  warnings: readonly string[]
  /** `fallback` is the model that answered if it is not the requested one. */
  encodeReply(reply: ChatReply, fallback: string | undefined): object
  /** Called when OCI has started to answer. */
  createEncoder(fallback: string | undefined): StreamEncoder
  /** Resolves when what was encoded so far is stored; `undefined` if nothing waits for it. */
  stored?(): Promise<void> | undefined
}

/** The original request, and the text that the gateway adds to a relayed stream. */
export interface RelayOptions {
  request: OpenAiRequest
  /** Creates the text of a heartbeat, a complete server-sent event or comment. */
  createHeartbeat(): string
  createCompletion(): RelayCompletion
}

export interface AnswerContext extends Pick<RouteContext, 'oci' | 'heartbeat'> {
  /** Aborts all upstream calls. */
  abort: AbortHandle
}

/** Sends a chat to OCI and responds, as a whole or as a stream, in the format of the client API. */
export function answerChat(
  c: Context<GatewayEnvironment>,
  exchange: ChatExchange,
  context: AnswerContext,
): Promise<Response> {
  return (exchange.stream ? answerStreamed : answerWhole)(c, exchange, context)
}

async function answerWhole(
  c: Context<GatewayEnvironment>,
  exchange: ChatExchange,
  context: AnswerContext,
): Promise<Response> {
  const decode = decodeOnce(exchange)
  const call = callContext(c, context.abort)
  const answer = await context.oci.respond(toOciExchange(exchange, decode), call)
  if (answer.value.type === 'relayed') {
    return answerRelayed(c, { ...answer, value: answer.value.relayed }, exchange, context)
  }
  const decoded = decode()
  const { warnings, encodeReply, stored } = decoded instanceof Promise ? await decoded : decoded
  const { reply } = answer.value
  recordAnswer(c, answer.opcRequestId, reply.usage)
  const headers = replyHeaders({ ...answer, warnings: [...warnings, ...answer.warnings] })
  // Responses echo parts of a large request, and storing them is heavy work, too.
  const body = encodeReply(reply, answer.fallback)
  const yieldToEventLoop = c.get('yieldToEventLoop')
  if (yieldToEventLoop) await yieldToEventLoop()
  if (stored) await stored()
  return answerJson(c, body, headers)
}

async function answerStreamed(
  c: Context<GatewayEnvironment>,
  exchange: ChatExchange,
  context: AnswerContext,
): Promise<Response> {
  const { oci, abort, heartbeat } = context
  const decode = decodeOnce(exchange)
  const answer = await oci.respondStreamed(toOciExchange(exchange, decode), callContext(c, abort))
  if (answer.value.type === 'relayed') {
    return answerRelayed(c, { ...answer, value: answer.value.relayed }, exchange, context)
  }
  const decoded = await decode()
  const warnings = [...decoded.warnings, ...answer.warnings]
  const encoder = decoded.createEncoder(answer.fallback)
  const events = { ...answer, warnings, value: answer.value.reply }
  return streamAnswer(c, events, { encoder, abort, heartbeat, stored: decoded.stored })
}

type Decode = ChatExchange['decode']

function decodeOnce(exchange: ChatExchange): Decode {
  let decoded: ReturnType<Decode> | undefined
  return () => decoded ??= exchange.decode()
}

function toOciExchange({ model, relay }: ChatExchange, decode: Decode) {
  return {
    model,
    openAi: relay?.request,
    decode() {
      const decoded = decode()
      return decoded instanceof Promise ? decoded.then(({ request }) => request) : decoded.request
    },
  }
}

function answerRelayed(
  c: Context<GatewayEnvironment>,
  answer: Answer<Relayed>,
  { relay }: ChatExchange,
  { abort, heartbeat }: AnswerContext,
): Response {
  return relayAnswer(c, answer, {
    abort,
    heartbeat: { text: relay?.createHeartbeat() ?? '', ms: heartbeat },
    completion: relay?.createCompletion(),
  })
}
