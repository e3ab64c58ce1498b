import type { ChatEvent, ChatEventBatches } from '../../chat/events.ts'
import { ApiError } from '../../errors.ts'
import type { ByteBody, UpstreamResponse } from '../../platform.ts'
import { createSseDecoder, type SseMessage } from '../../sse/decode.ts'
import { type BatchDecoder, type Batches, readDecoded } from '../../sse/read.ts'
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
  use?.servedBy({ region: selectedRegion(response) })
  const events = new EventReader(body, decoder, controller, {
    ...{ idleMs: timeouts.idle, grace: timeouts.usageGrace, use, model },
    coalesceChunks: platform.coalesceChunks,
  })
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

interface EventOptions {
  idleMs: number
  /** Milliseconds to wait for the usage after the finish. */
  grace: number
  use: CountedCall | undefined
  model: string
  coalesceChunks: boolean | undefined
}

/**
 * Reads events until `[DONE]`, the end of the body, or a timeout after the finish. It decodes the
 * chunks of its own reader and returns that reader's promises: each promise of its own, and each turn
 * of a generator, would add to the cost of an event.
 */
class EventReader implements AsyncIterableIterator<readonly ChatEvent[], undefined> {
  readonly #batches: Batches<readonly ChatEvent[]>
  readonly #messages = createSseDecoder()
  readonly #decoder: StreamDecoder
  readonly #controller: AbortController
  readonly #grace: number
  readonly #use: CountedCall | undefined
  /** The routing profile whose model is not known yet. */
  #profile: string | undefined
  #peeked: Promise<Next> | undefined
  /** Whether the body has no more chunks. */
  #isDrained = false
  #ended = false
  #outcome: DeferredOutcome | undefined

  constructor(
    body: ByteBody,
    decoder: StreamDecoder,
    controller: AbortController,
    { grace, use, model, ...options }: EventOptions,
  ) {
    this.#use = use
    this.#profile = use && isRoutingProfile(model) ? model : undefined
    this.#decoder = decoder
    this.#controller = controller
    this.#grace = grace
    this.#batches = readDecoded(body, this.#chunkDecoder(), {
      ...options,
      signal: controller.signal,
      onEnd: (end) => {
        if (end.type === 'failed') this.#fail(end.error)
      },
    })
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

  #chunkDecoder(): BatchDecoder<readonly ChatEvent[]> {
    const [reader, decoder] = [this, this.#decoder]
    return {
      get done() {
        return decoder.done
      },
      push(bytes) {
        const events = reader.#decode(reader.#messages.push(bytes))
        return events.length === 0 && decoder.done ? reader.#end() : events
      },
      end() {
        reader.#isDrained = true
        const events = reader.#decode(reader.#messages.end())
        // The next read ends the stream: these events count even if it is incomplete.
        return events.length > 0 ? events : reader.#end()
      },
    }
  }

  #decode(messages: readonly SseMessage[]): readonly ChatEvent[] {
    if (messages.length === 0) return []
    if (this.#profile !== undefined) this.#findModel(this.#profile, messages)
    return this.#count(this.#decoder.push(messages))
  }

  #read(): Promise<Next> {
    if (this.#ended) return Promise.resolve(DONE)
    const { done, finished } = this.#decoder
    return done || finished || this.#isDrained ? this.#readEnding() : this.#batches.next()
  }

  /** Waits for the usage and the end of the body, but not for long. */
  async #readEnding(): Promise<Next> {
    while (!this.#decoder.done && !this.#isDrained) {
      const batch = await withTimeout(this.#grace, this.#batches.next())
      if (!batch || batch.done) break
      if (batch.value.length > 0) return batch
    }
    if (this.#ended) return DONE
    try {
      return { done: false, value: this.#end() }
    } catch (error) {
      this.#fail(error)
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

  /** Returns the last events of a complete answer, once: the body may end some time after `[DONE]`. */
  #end(): readonly ChatEvent[] {
    if (this.#ended) return []
    const events = this.#count(this.#decoder.end())
    this.#ended = true
    void this.#drain()
    this.#use?.complete()
    this.#outcome?.succeed()
    return events
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#close()
    this.#outcome?.fail(error)
  }

  /** Reads the body to its end if possible, so that its connection can be reused. */
  async #drain(): Promise<void> {
    if (this.#decoder.done && !this.#isDrained) {
      await withTimeout(DRAIN_TIMEOUT, this.#batches.next()).catch(() => {})
    }
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
