import type { Context } from 'hono'
import type { ChatEventBatches } from '../chat/events.ts'
import type { StreamEncoder } from '../chat/stream-encoder.ts'
import { type ApiError, toApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import type { Answer } from '../oci/answer.ts'
import type { Relayed } from '../oci/relay/read-answer.ts'
import { sseResponse, type SseResponseOptions, type SseText } from '../sse/response.ts'
import { recordAnswer, recordUsage } from './record-usage.ts'

export interface StreamOptions {
  encoder: StreamEncoder
  /** Aborts all upstream calls. */
  abort: AbortController
  /** Idle milliseconds before the stream sends a heartbeat; 0 disables it. */
  heartbeat: number
}

/** Responds with a stream of OCI's events in the client API's encoding. */
export function streamAnswer(
  c: Context<GatewayEnvironment>,
  answer: Answer<ChatEventBatches>,
  { encoder, abort, heartbeat }: StreamOptions,
): Response {
  recordAnswer(c, answer.opcRequestId, undefined)
  return streamText(c, encodeBatches(answer.value, encoder, c), {
    abort,
    heartbeat: { text: encoder.heartbeat(), ms: heartbeat },
    headers: replyHeaders(answer),
    errorEvent: (error) => encoder.fail(error),
  })
}

export interface TextStreamOptions
  extends Pick<SseResponseOptions, 'abort' | 'heartbeat' | 'headers'> {
  /** Encodes an error as an event of the client API. */
  errorEvent(error: ApiError): string
}

/** Responds with OCI's own OpenAI-compatible answer, whole or as a stream. */
export function relayAnswer(
  c: Context<GatewayEnvironment>,
  answer: Answer<Relayed>,
  options: Omit<TextStreamOptions, 'headers'>,
): Response {
  c.get('log')['endpoint'] = 'openai'
  recordAnswer(c, answer.opcRequestId, undefined)
  switch (answer.value.type) {
    case 'whole':
      return c.json(answer.value.json, 200, replyHeaders(answer))
    case 'stream':
      return streamText(c, answer.value.batches, { ...options, headers: replyHeaders(answer) })
  }
}

/** Responds with a stream of text. An error becomes the last event. The request ends with the stream. */
function streamText(
  c: Context<GatewayEnvironment>,
  batches: AsyncIterable<SseText>,
  { errorEvent, ...options }: TextStreamOptions,
): Response {
  const end = c.get('lifecycle').extend()
  return sseResponse(batches, {
    ...options,
    onError: (thrown) => {
      const error = toApiError(thrown)
      c.get('log')['error'] = error.code
      return errorEvent(error)
    },
    onEnd(outcome) {
      c.get('log')['outcome'] = outcome === 'disconnected' ? 'client_closed' : outcome
      end()
    },
  })
}

/** Encodes batches of events. The first event is sent before OCI's, so that the stream starts early. */
async function* encodeBatches(
  batches: ChatEventBatches,
  encoder: StreamEncoder,
  c: Context<GatewayEnvironment>,
): AsyncGenerator<string> {
  yield encoder.start()
  for await (const events of batches) {
    for (const event of events) {
      if (event.type === 'usage') recordUsage(c, event.usage)
    }
    yield encoder.encode(events)
  }
  yield encoder.end()
}
