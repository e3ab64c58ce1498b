import type { Context } from 'hono'
import type { AbortHandle } from '../abort.ts'
import type { ChatEvent, ChatEventBatches } from '../chat/events.ts'
import type { StreamEncoder } from '../chat/stream-encoder.ts'
import { type ApiError, toApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import type { Answer } from '../oci/answer.ts'
import type { Relayed } from '../oci/relay/read-answer.ts'
import type { RelayCompletion } from '../openai/relay-completion.ts'
import { type BatchEncoder, sseResponse, type SseResponseOptions } from '../sse/response.ts'
import { answerJson } from './answer-json.ts'
import { recordAnswer, recordUsage } from './record-usage.ts'

export interface StreamOptions {
  encoder: StreamEncoder
  /** Aborts all upstream calls. */
  abort: AbortHandle
  /** Idle milliseconds before the stream sends a heartbeat; 0 disables it. */
  heartbeat: number
  /** See `DecodedChat`. */
  stored?: (() => Promise<void> | undefined) | undefined
}

/** Responds with a stream of OCI's events in the client API's encoding. */
export function streamAnswer(
  c: Context<GatewayEnvironment>,
  answer: Answer<ChatEventBatches>,
  { encoder, abort, heartbeat, stored }: StreamOptions,
): Response {
  recordAnswer(c, answer.opcRequestId, undefined)
  return streamText(c, answer.value, {
    abort,
    encoder: eventEncoder(c, encoder, stored),
    heartbeat: { text: encoder.heartbeat(), ms: heartbeat },
    headers: replyHeaders(answer),
    errorEvent: (error) => encoder.fail(error),
  })
}

/** Encodes batches of events, and records what they tell about the request. */
function eventEncoder(
  c: Context<GatewayEnvironment>,
  encoder: StreamEncoder,
  stored: StreamOptions['stored'],
): BatchEncoder<readonly ChatEvent[]> {
  const progress = c.get('progress')
  return {
    // Sent before OCI's first event, so that the stream starts early.
    start: () => encoder.start(),
    encode(events) {
      for (const event of events) {
        if (event.type === 'usage') recordUsage(c, event.usage)
        else if (event.type.endsWith('-delta')) progress.markFirstToken()
      }
      return encoder.encode(events)
    },
    end: () => encoder.end(),
    // A client may continue a response, at any process, as soon as it has its last event.
    ...stored && { stored },
  }
}

export interface TextStreamOptions<Batch>
  extends Pick<SseResponseOptions<Batch>, 'abort' | 'encoder' | 'heartbeat' | 'headers'> {
  /** Encodes an error as an event of the client API. */
  errorEvent(error: ApiError): string
}

export interface RelayAnswerOptions extends Pick<TextStreamOptions<never>, 'abort' | 'heartbeat'> {
  /** Without it the answer is passed on as it is. */
  completion: RelayCompletion | undefined
}

/** Responds with OCI's own OpenAI-compatible answer, whole, as a stream, or without content. */
export function relayAnswer(
  c: Context<GatewayEnvironment>,
  answer: Answer<Relayed | { type: 'empty' }>,
  { completion, ...options }: RelayAnswerOptions,
): Response {
  c.get('log')['endpoint'] = 'openai'
  recordAnswer(c, answer.opcRequestId, undefined)
  switch (answer.value.type) {
    case 'empty':
      return new Response(null, { status: 204, headers: replyHeaders(answer) })
    case 'whole':
      return answerJson(
        c,
        completion?.complete(answer.value.json) ?? answer.value.json,
        replyHeaders(answer),
      )
    case 'stream': {
      const progress = c.get('progress')
      return streamText(c, answer.value.batches, {
        ...options,
        headers: replyHeaders(answer),
        errorEvent: (error) => completion?.fail(error) ?? '',
        encoder: {
          encode(bytes) {
            const events = completion?.completeEvents(bytes) ?? bytes
            if (completion && events.length > 0) progress.markFirstToken()
            return events
          },
        },
      })
    }
  }
}

/** Responds with a stream of text. An error becomes the last event. The request ends with the stream. */
function streamText<Batch>(
  c: Context<GatewayEnvironment>,
  batches: AsyncIterable<Batch>,
  { errorEvent, ...options }: TextStreamOptions<Batch>,
): Response {
  const end = c.get('lifecycle').extend()
  return sseResponse(batches, {
    ...options,
    respond: c.env?.responses?.streamed,
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
