import type { ChatEvent, ChatEventBatches } from '../chat/events.ts'
import { ApiError } from '../errors.ts'
import { readSse, type SseBatches } from '../sse/read.ts'
import type { ChatPlan } from './chat-plan.ts'
import { errorInside, unknownFinishNoter } from './chat-reply.ts'
import type { OciContext } from './context.ts'
import type { StreamDecoder } from './format.ts'

/** Whether an answer is the stream that was asked for; some endpoints answer in one piece. */
export function isEventStream(response: Response): boolean {
  const type = response.headers.get('content-type') ?? ''
  return type.toLowerCase().startsWith('text/event-stream')
}

/**
 * Opens a stream and waits for its beginning: for the first message, or until `timeouts.commit` has
 * passed in silence. An answer that is over before it said anything fails, to be tried again,
 * unless this attempt `isLast`.
 */
export async function openEvents(
  response: Response,
  plan: ChatPlan,
  { platform, timeouts }: OciContext,
  attempt: AbortController,
  { isLast }: { isLast: boolean },
): Promise<ChatEventBatches> {
  const { body } = response
  if (!body) throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: no body")
  const decoder = plan.format.createStreamDecoder({
    names: plan.names,
    choices: plan.choices,
    alternatives: plan.alternatives,
    randomId: platform.randomId,
    noteUnknownFinish: unknownFinishNoter(plan, platform),
    onError: (json) => errorInside(json, plan, response),
  })
  const batches = readSse(body, { signal: attempt.signal, idleMs: timeouts.idle })
  const events = readEvents(batches, decoder, attempt, timeouts.grace)
  const first = events.next()
  const early = await within(timeouts.commit, first)
  if (early && !early.done && !isLast && isEmptyAnswer(early.value)) {
    attempt.abort()
    throw new ApiError('upstream_incomplete', 'Cannot answer: the model said nothing', {
      reason: 'empty',
    })
  }
  return resume(first, events)
}

/** Ends at `[DONE]`, at the end of the body, or when nothing came for a while after the finish. */
async function* readEvents(
  batches: SseBatches,
  decoder: StreamDecoder,
  attempt: AbortController,
  grace: number,
): AsyncGenerator<readonly ChatEvent[]> {
  try {
    while (!decoder.done) {
      const next = batches.next()
      const batch = await (decoder.finished ? within(grace, next) : next)
      if (!batch || batch.done) break
      yield decoder.push(batch.value)
    }
    yield decoder.end()
  } finally {
    // OCI may keep the connection open after its last word.
    attempt.abort()
    void batches.return?.()
  }
}

async function* resume(
  first: Promise<IteratorResult<readonly ChatEvent[]>>,
  rest: AsyncGenerator<readonly ChatEvent[]>,
): ChatEventBatches {
  const { done, value } = await first
  if (!done) yield value
  yield* rest
}

/** A stop with nothing before it: known of some models, and cured by asking again. */
function isEmptyAnswer(events: readonly ChatEvent[]): boolean {
  const [only, ...others] = events.filter(({ type }) => type !== 'usage')
  return only?.type === 'finish' && only.reason === 'stop' && others.length === 0
}

/** What `promise` comes to within `ms` milliseconds, else `undefined`; its later failure is nobody's. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  promise.catch(() => {})
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => late.resolve(undefined), ms)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
