import type { Context } from 'hono'
import type { ChatEventBatches } from '../chat/events.ts'
import type { StreamEncoder } from '../chat/stream-encoder.ts'
import { type ApiError, toApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import type { Answer } from '../oci/answer.ts'
import { sseResponse, type SseResponseOptions, type SseText } from '../sse/response.ts'
import { recordAnswer, recordUsage } from './record-usage.ts'

export interface StreamOptions {
  encoder: StreamEncoder
  /** Ends everything upstream. */
  abort: AbortController
  /** Milliseconds of silence before the stream says that it lives. */
  heartbeat: number
}

/** Answers with OCI's events as they come, in the words of `encoder`; the log's line waits for the end. */
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
  /** How the face tells an error amid a stream. */
  errorEvent(error: ApiError): string
}

/** Answers with text as it comes; what goes wrong on the way is the last event. */
export function streamText(
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

/** The opening goes out at once: the client sees that the stream has begun. */
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
