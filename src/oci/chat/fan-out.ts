import type { ChatEvent, ChatEventBatches } from '../../chat/events.ts'
import type { ChatReply, ChatRequest, Usage } from '../../chat/model.ts'
import { ApiError, toApiError } from '../../errors.ts'
import { type Answer, joinRequestIds } from '../answer.ts'
import { childController } from '../async/child-controller.ts'
import { type CallContext, createTrace } from '../call.ts'
import type { ModelProfile } from '../models/profiles.ts'

/** Maximum choices for a model that needs one call for each, since each call has its own cost. */
const MAX_CALLS = 8

/** Returns the number of calls for the requested choices. */
export function requiredCalls(
  { choices = 1 }: ChatRequest,
  { multipleChoices }: Pick<ModelProfile, 'multipleChoices'>,
): number {
  if (multipleChoices || choices === 1) return 1
  if (choices <= MAX_CALLS) return choices
  throw new ApiError(
    'invalid_request',
    `"n" must be at most ${MAX_CALLS} for this model`,
    { param: 'n' },
  )
}

/**
 * Makes a call several times in parallel, each with its own retries, and joins the answers. The first
 * failure aborts all calls.
 */
export async function fanOut<T>(
  calls: number,
  call: CallContext,
  send: (call: CallContext) => Promise<Answer<T>>,
  join: (values: readonly T[], abort: AbortController) => T,
): Promise<Answer<T>> {
  if (calls === 1) return await send(call)
  const { signal, trace = createTrace() } = call
  const abort = childController(signal)
  try {
    const answers = await Promise.all(Array.from(
      { length: calls },
      () => send({ ...call, signal: abort.signal, trace: { ...trace } }),
    ))
    return {
      value: join(answers.map(({ value }) => value), abort),
      warnings: answers[0]?.warnings ?? [],
      opcRequestId: joinRequestIds(answers),
      region: answers[0]?.region,
      attempts: answers.reduce(
        (sum, { attempts = 0 }) => sum + attempts - trace.attempts,
        trace.attempts,
      ),
    }
  } catch (error) {
    abort.abort(error)
    trace.attempts = toApiError(error).attempts ?? trace.attempts
    throw error
  }
}

/** Joins replies of one choice each: numbers the choices and sums the usage. */
export function joinReplies(replies: readonly ChatReply[]): ChatReply {
  const [first] = replies
  const usages = replies.flatMap(({ usage }) => usage ?? [])
  return {
    choices: replies.flatMap(({ choices }, index) =>
      choices.map((choice) => ({ ...choice, index }))
    ),
    usage: sumUsage(usages),
    serviceTier: first?.serviceTier,
    created: first?.created,
  }
}

interface NumberedResult {
  index: number
  result: IteratorResult<readonly ChatEvent[]>
}

/** Joins streams of one choice each: events as they arrive, the summed usage at the end. */
export async function* joinStreams(
  streams: readonly ChatEventBatches[],
  abort: AbortController,
): ChatEventBatches {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]())
  const next = async (index: number): Promise<NumberedResult> => ({
    index,
    result: await iterators[index]?.next() ?? { done: true, value: undefined },
  })
  const pending = new Map(iterators.map((_, index) => [index, next(index)]))
  let usages: readonly Usage[] = []
  try {
    while (pending.size > 0) {
      const { index, result } = await Promise.race(pending.values())
      if (result.done) {
        pending.delete(index)
        continue
      }
      pending.set(index, next(index))
      usages = [
        ...usages,
        ...result.value.flatMap((event) => event.type === 'usage' ? event.usage : []),
      ]
      yield result.value.flatMap((event) => renumber(event, index))
    }
    const usage = sumUsage(usages)
    if (usage) yield [{ type: 'usage', usage }]
  } finally {
    // After a failure or when the reader stops, the other streams are not needed.
    abort.abort()
    for (const promise of pending.values()) promise.catch(() => {})
  }
}

function renumber(event: ChatEvent, choice: number): readonly ChatEvent[] {
  if (event.type === 'usage') return []
  return [event.type === 'service-tier' ? event : { ...event, choice }]
}

function sumUsage(usages: readonly Usage[]): Usage | undefined {
  const [first, ...others] = usages
  return others.reduce(
    (sum, one) =>
      sum && {
        prompt: sum.prompt + one.prompt,
        completion: sum.completion + one.completion,
        total: sum.total + one.total,
        cached: add(sum.cached, one.cached),
        reasoning: add(sum.reasoning, one.reasoning),
        acceptedPrediction: add(sum.acceptedPrediction, one.acceptedPrediction),
        rejectedPrediction: add(sum.rejectedPrediction, one.rejectedPrediction),
      },
    first,
  )
}

function add(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : one + (other ?? 0)
}
