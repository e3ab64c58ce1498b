import type { ChatEvent, ChatEventBatches } from '../../chat/events.ts'
import { ApiError } from '../../errors.ts'
import type { UpstreamResponse } from '../../platform.ts'
import type { SseMessage } from '../../sse/decode.ts'
import { readSse, type SseBatches } from '../../sse/read.ts'
import { withTimeout } from '../../timeout.ts'
import type { CountedCall } from '../call.ts'
import { countEvents } from './count-use.ts'
import type { ChatPlan } from './plan.ts'
import { errorInside } from '../http/error-in-answer.ts'
import { opcRequestId, selectedRegion } from '../http/response-headers.ts'
import { parseJson } from '../json.ts'
import { answeringModel } from '../models/answering-model.ts'
import { isRoutingProfile } from '../models/ocid.ts'
import { failedCallOf, type ReadContext, unknownFinishLogger } from './read-reply.ts'
import type { StreamDecoder } from '../formats/format.ts'
import type { DeferredOutcome } from '../resilience/outcome.ts'

/** The part of an attempt that a stream needs. */
export interface StreamAttempt {
  /** Whether an empty answer will be retried, so that its stream is closed at once. */
  retriesEmpty(): boolean
  deferOutcome(): DeferredOutcome
  /** Counts what the answer uses; absent on a gateway without a store. */
  use?: CountedCall | undefined
}

export interface OpenedEvents {
  events: ChatEventBatches
  /** Whether the answer ended without content; its stream is then closed. */
  isEmpty: boolean
}

/**
 * Opens a stream and waits for its first event. The outcome of the call is that of the stream: a
 * stream that ends is a success, with any content.
 */
export async function openEvents(
  response: UpstreamResponse,
  plan: ChatPlan,
  { platform, timeouts, signatures }: ReadContext,
  controller: AbortController,
  { retriesEmpty, deferOutcome, use }: StreamAttempt,
): Promise<OpenedEvents> {
  const { body } = response
  if (!body) throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: no body")
  // The plan holds the request's body, so the stream must not retain it.
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
  const { signal } = controller
  const batches = readSse(body, { signal, idleMs: timeouts.idle, coalesceChunks })
  use?.servedBy({ region: selectedRegion(response) })
  const events = new EventReader(batches, decoder, controller, timeouts.usageGrace, use, model)
  const first = await withRequestId(events.peek(), response)
  const outcome = deferOutcome()
  outcome.begin()
  if (!first.done && isEmptyAnswer(first.value) && retriesEmpty()) {
    outcome.succeed()
    await events.return()
    return { events: replayBatch(first.value), isEmpty: true }
  }
  events.report(outcome)
  return { events, isEmpty: false }
}

/** The response headers, which have the id of a started stream, are not sent for this error. */
async function withRequestId(first: Promise<Next>, response: UpstreamResponse): Promise<Next> {
  try {
    return await first
  } catch (error) {
    const isOfOci = error instanceof ApiError && error.code.startsWith('upstream_')
    throw isOfOci ? error.with({ opcRequestId: opcRequestId(response) }) : error
  }
}

async function* replayBatch(batch: readonly ChatEvent[]): ChatEventBatches {
  yield batch
}

type Next = IteratorResult<readonly ChatEvent[], undefined>

const DONE = { done: true, value: undefined } as const

/**
 * Reads events until `[DONE]`, the end of the body, or a timeout after the finish. This is not a
 * generator because that would delay each event by some turns of the microtask queue.
 */
class EventReader implements AsyncIterableIterator<readonly ChatEvent[], undefined> {
  readonly #batches: SseBatches
  readonly #decoder: StreamDecoder
  readonly #controller: AbortController
  readonly #grace: number
  readonly #use: CountedCall | undefined
  /** The routing profile whose model is not known yet. */
  #profile: string | undefined
  #peeked: Promise<Next> | undefined
  #ended = false
  #outcome: DeferredOutcome | undefined

  constructor(
    batches: SseBatches,
    decoder: StreamDecoder,
    controller: AbortController,
    grace: number,
    use: CountedCall | undefined,
    model: string,
  ) {
    this.#use = use
    this.#profile = use && isRoutingProfile(model) ? model : undefined
    this.#batches = batches
    this.#decoder = decoder
    this.#controller = controller
    this.#grace = grace
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Reports the outcome of the stream from now on. */
  report(outcome: DeferredOutcome): void {
    this.#outcome = outcome
    if (this.#ended) outcome.succeed()
  }

  /** Returns the result of the following `next()` call. */
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
        if (this.#profile !== undefined) this.#findModel(this.#profile, batch.value)
        const value = this.#decoder.push(batch.value)
        // Events without content, such as the first ones of Responses, do not start the answer.
        if (value.length > 0) return { done: false, value: this.#count(value) }
      }
      this.#ended = true
      void this.#drain()
      const value = this.#count(this.#decoder.end())
      this.#use?.complete()
      this.#outcome?.succeed()
      return { done: false, value }
    } catch (error) {
      this.#close()
      this.#outcome?.fail(error)
      throw error
    }
  }

  #count(events: readonly ChatEvent[]): readonly ChatEvent[] {
    return this.#use ? countEvents(events, this.#use) : events
  }

  /** Only the first event of OCI's OpenAI endpoint is needed. Native events do not name the model. */
  #findModel(profile: string, [first]: readonly SseMessage[]): void {
    this.#profile = undefined
    this.#use?.servedBy({ model: answeringModel(parseJson(first?.data ?? ''), profile) })
  }

  #nextBatch(): Promise<IteratorResult<readonly SseMessage[], undefined> | undefined> {
    const next = this.#batches.next()
    return this.#decoder.finished ? withTimeout(this.#grace, next) : next
  }

  /** Reads the body to its end if possible, so that its connection can be reused. */
  async #drain(): Promise<void> {
    if (this.#decoder.done) await withTimeout(DRAIN_TIMEOUT, this.#batches.next()).catch(() => {})
    this.#close()
  }

  /** Closes the connection, which OCI may keep open after the answer. */
  #close(): void {
    this.#ended = true
    void this.#batches.return?.()
    this.#controller.abort(ANSWER_ENDED)
  }
}

/** Milliseconds to wait for the end of the body after the last event. */
const DRAIN_TIMEOUT = 100

/** An abort reason: the default exception costs as much as a hundred events (measured). */
const ANSWER_ENDED = 'the answer is over'

/** Whether the answer is a stop without content, which some models return and a retry fixes. */
function isEmptyAnswer(events: readonly ChatEvent[]): boolean {
  const [only, ...others] = events.filter(({ type }) => type !== 'usage')
  return only?.type === 'finish' && only.reason === 'stop' && others.length === 0
}
