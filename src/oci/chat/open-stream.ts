import type { ChatEvent, ChatEventBatches } from '../../chat/events.ts'
import { ApiError } from '../../errors.ts'
import type { SseMessage } from '../../sse/decode.ts'
import { readSse, type SseBatches } from '../../sse/read.ts'
import { withTimeout } from '../../timeout.ts'
import type { ChatPlan } from './plan.ts'
import { errorInside } from '../http/error-in-answer.ts'
import { failedCallOf, type ReadContext, unknownFinishLogger } from './read-reply.ts'
import type { StreamDecoder } from '../formats/format.ts'
import type { DeferredOutcome } from '../resilience/outcome.ts'

/** The attempt that a stream belongs to. */
export interface StreamedAttempt {
  /** Whether an empty answer is going to be repeated, so that its stream need not be read on. */
  repeatsEmpty(): boolean
  deferOutcome(): DeferredOutcome
}

export interface OpenedEvents {
  events: ChatEventBatches
  /** The answer ended before it said anything, and its stream is closed. */
  isEmpty: boolean
}

/**
 * Opens a stream and waits for its first event. The outcome of the call is that of the stream: an
 * end is a success, whatever the answer says.
 */
export async function openEvents(
  response: Response,
  plan: ChatPlan,
  { platform, timeouts, signatures }: ReadContext,
  attempt: AbortController,
  { repeatsEmpty, deferOutcome }: StreamedAttempt,
): Promise<OpenedEvents> {
  const { body } = response
  if (!body) throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: no body")
  // The plan itself is not retained while the answer streams: it holds the body.
  const call = failedCallOf(plan)
  const { model } = plan
  const decoder = plan.format.createStreamDecoder({
    names: plan.names,
    signatures,
    choices: plan.choices,
    alternatives: plan.alternatives,
    randomId: platform.randomId,
    onUnknownFinish: unknownFinishLogger({ model }, platform),
    onError: (json) => errorInside(json, call, response),
  })
  const { coalesceChunks } = platform
  const batches = readSse(body, { signal: attempt.signal, idleMs: timeouts.idle, coalesceChunks })
  const events = new EventReader(batches, decoder, attempt, timeouts.usageGrace)
  const first = await events.peek()
  const outcome = deferOutcome()
  outcome.begin()
  if (!first.done && isEmptyAnswer(first.value) && repeatsEmpty()) {
    outcome.succeed()
    await events.return()
    return { events: replayBatch(first.value), isEmpty: true }
  }
  events.report(outcome)
  return { events, isEmpty: false }
}

async function* replayBatch(batch: readonly ChatEvent[]): ChatEventBatches {
  yield batch
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
  #outcome: DeferredOutcome | undefined

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

  /** Has the outcome reported from now on: the beginning of the answer is known. */
  report(outcome: DeferredOutcome): void {
    this.#outcome = outcome
    if (this.#ended) outcome.succeed()
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
    this.#outcome?.abandon()
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
      const value = this.#decoder.end()
      this.#outcome?.succeed()
      return { done: false, value }
    } catch (error) {
      this.#close()
      this.#outcome?.fail(error)
      throw error
    }
  }

  #nextBatch(): Promise<IteratorResult<readonly SseMessage[], undefined> | undefined> {
    const next = this.#batches.next()
    return this.#decoder.finished ? withTimeout(this.#grace, next) : next
  }

  /** A body that may end by itself leaves a connection that the next call can use. */
  async #linger(): Promise<void> {
    if (this.#decoder.done) await withTimeout(LINGER, this.#batches.next()).catch(() => {})
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
