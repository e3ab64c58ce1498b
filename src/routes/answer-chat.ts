import type { Context } from 'hono'
import type { ChatReply, ChatRequest } from '../chat/model.ts'
import type { StreamEncoder } from '../chat/stream-encoder.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import type { RequestTrace } from '../oci/call.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { noteAnswer } from './record-usage.ts'
import { streamAnswer } from './stream-answer.ts'

/** A conversation as a face has read it, and how the face tells the answer. */
export interface ChatFace {
  request: ChatRequest
  stream: boolean
  /** What the face could not pass on, field first. */
  warnings: readonly string[]
  /** `fallback` is the model that answered, where it is not the one asked for. */
  encodeReply(reply: ChatReply, fallback: string | undefined): object
  /** Made when OCI has begun to answer. */
  createEncoder(fallback: string | undefined): StreamEncoder
}

export interface AnswerContext extends Pick<RouteContext, 'oci' | 'heartbeat'> {
  /** Ends everything upstream. */
  abort: AbortController
  /** What the request went through so far, if anything. */
  trace?: RequestTrace | undefined
}

/** Asks OCI and answers in the face's words, whole or streamed as the client wished. */
export function answerChat(
  c: Context<GatewayEnvironment>,
  face: ChatFace,
  context: AnswerContext,
): Promise<Response> {
  return (face.stream ? answerStreamed : answerWhole)(c, face, context)
}

async function answerWhole(
  c: Context<GatewayEnvironment>,
  { request, warnings, encodeReply }: ChatFace,
  { oci, abort, trace }: AnswerContext,
): Promise<Response> {
  const answer = await oci.chat(request, callContext(c, abort, trace))
  noteAnswer(c, answer.opcRequestId, answer.value.usage)
  const told = { ...answer, warnings: [...warnings, ...answer.warnings] }
  return c.json(encodeReply(answer.value, answer.fallback), 200, replyHeaders(told))
}

async function answerStreamed(
  c: Context<GatewayEnvironment>,
  { request, warnings, createEncoder }: ChatFace,
  { oci, abort, heartbeat, trace }: AnswerContext,
): Promise<Response> {
  const answer = await oci.streamChat(request, callContext(c, abort, trace))
  const told = { ...answer, warnings: [...warnings, ...answer.warnings] }
  const encoder = createEncoder(answer.fallback)
  return streamAnswer(c, told, { encoder, abort, heartbeat })
}
