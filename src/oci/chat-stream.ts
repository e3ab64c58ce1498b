import type { ChatEvent, ChatEventBatches } from '../chat/events.ts'
import { ApiError } from '../errors.ts'
import type { SseMessage } from '../sse/decode.ts'
import { readSse, type SseBatches } from '../sse/read.ts'
import type { ChatPlan } from './chat-plan.ts'
import { errorInside, unknownFinishNoter } from './chat-reply.ts'
import type { OciContext } from './context.ts'
import type { StreamDecoder } from './format.ts'
import { within } from './within.ts'

/** Whether an answer is the stream that was asked for; some endpoints answer in one piece. */
export function isEventStream(response: Response): boolean {
  const type = response.headers.get('content-type') ?? ''
  return type.toLowerCase().startsWith('text/event-stream')
}

/** What becomes of an attempt, as its stream sees it. */
export interface StreamedAttempt {
  /** Nothing follows, whatever comes of it. */
  isLast(): boolean
  /** Hears of a failure once the answer has begun. */
  noteBroken(error: unknown): void
}

/**
 * Opens a stream and waits for its first event. An answer that is over before it said anything
 * fails, to be tried again, unless this attempt `isLast`.
 */
export async function openEvents(
  response: Response,
  plan: ChatPlan,
  { platform, timeouts, signatures }: OciContext,
  attempt: AbortController,
  { isLast, noteBroken }: StreamedAttempt,
): Promise<ChatEventBatches> {
  const { body } = response
  if (!body) throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: no body")
  const decoder = plan.format.createStreamDecoder({
    names: plan.names,
    signatures,
    choices: plan.choices,
    alternatives: plan.alternatives,
    randomId: platform.randomId,
    noteUnknownFinish: unknownFinishNoter(plan, platform),
    onError: (json) => errorInside(json, plan, response),
  })
  const { piecemeal } = platform
  const batches = readSse(body, { signal: attempt.signal, idleMs: timeouts.idle, piecemeal })
  const events = new EventReader(batches, decoder, attempt, timeouts.grace)
  const first = await events.peek()
  if (!first.done && isEmptyAnswer(first.value) && !isLast()) {
    attempt.abort()
    throw new ApiError('upstream_incomplete', 'Cannot answer: the model said nothing', {
      reason: 'empty',
    })
  }
  events.onBroken = noteBroken
  return events
}

type Next = IteratorResult<readonly ChatEvent[], undefined>

const DONE = { done: true, value: undefined } as const

/**
 * Ends at `[DONE]`, at the end of the body, or when nothing came for a while after the finish. By
 * hand, since a generator's every word would wait for some more turns of the microtask queue.
 */
class EventReader implements AsyncIterableIterator<readonly ChatEvent[], undefined> {
  readonly #batches: SseBatches
  readonly #decoder: StreamDecoder
  readonly #attempt: AbortController
  readonly #grace: number
  #peeked: Promise<Next> | undefined
  #ended = false
  /** Hears of a failure, once the beginning of the answer is out. */
  onBroken: ((error: unknown) => void) | undefined

  constructor(
    batches: SseBatches,
    decoder: StreamDecoder,
    attempt: AbortController,
    grace: number,
  ) {
    this.#batches = batches
    this.#decoder = decoder
    this.#attempt = attempt
    this.#grace = grace
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** What `next()` is going to answer. */
  peek(): Promise<Next> {
    return this.#peeked ??= this.#read()
  }

  next(): Promise<Next> {
    const next = this.peek()
    this.#peeked = undefined
    return next
  }

  return(): Promise<Next> {
    this.#close()
    return Promise.resolve(DONE)
  }

  async #read(): Promise<Next> {
    if (this.#ended) return DONE
    try {
      while (!this.#decoder.done) {
        const batch = await this.#nextBatch()
        if (!batch || batch.done) break
        const value = this.#decoder.push(batch.value)
        // What says nothing, as a response's first events do, is no beginning of an answer.
        if (value.length > 0) return { done: false, value }
      }
      this.#ended = true
      void this.#linger()
      return { done: false, value: this.#decoder.end() }
    } catch (error) {
      this.#close()
      this.onBroken?.(error)
      throw error
    }
  }

  #nextBatch(): Promise<IteratorResult<readonly SseMessage[], undefined> | undefined> {
    const next = this.#batches.next()
    return this.#decoder.finished ? within(this.#grace, next) : next
  }

  /** A body that may end by itself leaves a connection that the next call can use. */
  async #linger(): Promise<void> {
    if (this.#decoder.done) await within(LINGER, this.#batches.next()).catch(() => {})
    this.#close()
  }

  /** OCI may keep the connection open after its last word. */
  #close(): void {
    this.#ended = true
    void this.#batches.return?.()
    this.#attempt.abort(OVER)
  }
}

/** How long, in milliseconds, the end of a body may take after the last word. */
const LINGER = 100

/** Said aloud, since the exception made up otherwise costs as much as a hundred words (measured). */
const OVER = 'the answer is over'

/** A stop with nothing before it: known of some models, and cured by asking again. */
function isEmptyAnswer(events: readonly ChatEvent[]): boolean {
  const [only, ...others] = events.filter(({ type }) => type !== 'usage')
  return only?.type === 'finish' && only.reason === 'stop' && others.length === 0
}
