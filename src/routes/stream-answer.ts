import type { Context } from 'hono'
import type { ChatEvent, ChatEventBatches } from '../chat/events.ts'
import type { StreamEncoder } from '../chat/stream-encoder.ts'
import { type ApiError, toApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import type { Answer } from '../oci/answer.ts'
import type { Relayed } from '../oci/relay/read-answer.ts'
import type { RelayCompletion } from '../openai/relay-completion.ts'
import type { RequestProgress } from '../telemetry/request-progress.ts'
import { sseResponse, type SseResponseOptions, type SseText } from '../sse/response.ts'
import { answerJson } from './answer-json.ts'
import { recordAnswer, recordUsage } from './record-usage.ts'

export interface StreamOptions {
  encoder: StreamEncoder
  /** Aborts all upstream calls. */
  abort: AbortController
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
  return streamText(c, new EncodedBatches(answer.value, { encoder, stored }, c), {
    abort,
    heartbeat: { text: encoder.heartbeat(), ms: heartbeat },
    headers: replyHeaders(answer),
    errorEvent: (error) => encoder.fail(error),
  })
}

export interface TextStreamOptions<Batch extends SseText = SseText>
  extends Pick<SseResponseOptions<Batch>, 'abort' | 'heartbeat' | 'headers' | 'change'> {
  /** Encodes an error as an event of the client API. */
  errorEvent(error: ApiError): string
}

export interface RelayAnswerOptions extends Pick<TextStreamOptions, 'abort' | 'heartbeat'> {
  /** Without it the answer is passed on as it is. */
  completion: RelayCompletion | undefined
}

/** Responds with OCI's own OpenAI-compatible answer, whole or as a stream. */
export function relayAnswer(
  c: Context<GatewayEnvironment>,
  answer: Answer<Relayed>,
  { completion, ...options }: RelayAnswerOptions,
): Response {
  c.get('log')['endpoint'] = 'openai'
  recordAnswer(c, answer.opcRequestId, undefined)
  switch (answer.value.type) {
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
        change: completion && ((bytes) => {
          const events = completion.completeEvents(bytes)
          if (events.length > 0) progress.markFirstToken()
          return events
        }),
      })
    }
  }
}

/** Responds with a stream of text. An error becomes the last event. The request ends with the stream. */
function streamText<Batch extends SseText>(
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

/**
 * Encodes batches of events. The first event is sent before OCI's, so that the stream starts early.
 * Not a generator: it would add a turn of the microtask queue to each batch.
 */
class EncodedBatches implements AsyncIterableIterator<string, undefined> {
  readonly #batches: AsyncIterator<readonly ChatEvent[], unknown>
  readonly #encoder: StreamEncoder
  readonly #c: Context<GatewayEnvironment>
  readonly #progress: RequestProgress
  readonly #stored: StreamOptions['stored']
  #state: 'new' | 'open' | 'ended' = 'new'

  constructor(
    batches: ChatEventBatches,
    { encoder, stored }: Pick<StreamOptions, 'encoder' | 'stored'>,
    c: Context<GatewayEnvironment>,
  ) {
    this.#stored = stored
    this.#batches = batches[Symbol.asyncIterator]()
    this.#encoder = encoder
    this.#c = c
    this.#progress = c.get('progress')
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    if (this.#state === 'ended') return { done: true, value: undefined }
    if (this.#state === 'new') {
      this.#state = 'open'
      return { done: false, value: this.#encoder.start() }
    }
    const { done, value: events } = await this.#batches.next()
    if (done) {
      this.#state = 'ended'
      const value = this.#encoder.end()
      const stored = this.#stored?.()
      if (stored) await stored
      return { done: false, value }
    }
    for (const event of events) {
      if (event.type === 'usage') recordUsage(this.#c, event.usage)
      else if (event.type.endsWith('-delta')) this.#progress.markFirstToken()
    }
    const value = this.#encoder.encode(events)
    // A client may continue a response, at any process, as soon as it has its last event.
    const stored = this.#stored?.()
    if (stored) await stored
    return { done: false, value }
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    this.#state = 'ended'
    await this.#batches.return?.()
    return { done: true, value: undefined }
  }
}
