import type { ChatEvent, ChatEventBatches } from '../../chat/events.ts'
import type { ChatReply, ChatRequest, Usage } from '../../chat/model.ts'
import { ApiError, toApiError } from '../../errors.ts'
import type { Answer } from '../answer.ts'
import { childController } from '../async/child-controller.ts'
import { type CallContext, createTrace } from '../call.ts'
import type { ModelProfile } from '../models/profiles.ts'

/** Each answer is a call of its own, and all are paid for. */
const MOST_CALLS = 8

/** How many calls it takes to get as many answers as are asked for: one where a call brings several. */
export function requiredCalls(
  { choices = 1 }: ChatRequest,
  { multipleChoices }: Pick<ModelProfile, 'multipleChoices'>,
): number {
  if (multipleChoices || choices === 1) return 1
  if (choices <= MOST_CALLS) return choices
  throw new ApiError(
    'invalid_request',
    `Cannot ask for ${choices} answers: of this model it is ${MOST_CALLS} at most`,
    { param: 'n' },
  )
}

/**
 * Makes one call several times at once, each of which may be repeated as if it were alone. The first
 * failure ends them all.
 */
export async function fanOut<T>(
  calls: number,
  call: CallContext,
  ask: (call: CallContext) => Promise<Answer<T>>,
  join: (values: readonly T[], abort: AbortController) => T,
): Promise<Answer<T>> {
  if (calls === 1) return await ask(call)
  const { signal, trace = createTrace() } = call
  const abort = childController(signal)
  try {
    const answers = await Promise.all(Array.from(
      { length: calls },
      () => ask({ ...call, signal: abort.signal, trace: { ...trace } }),
    ))
    return {
      value: join(answers.map(({ value }) => value), abort),
      warnings: answers[0]?.warnings ?? [],
      opcRequestId: answers.flatMap(({ opcRequestId }) => opcRequestId ?? []).join(', ') ||
        undefined,
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

/** Answers of one choice each as one answer: the choices numbered, the usage summed. */
export function joinReplies(replies: readonly ChatReply[]): ChatReply {
  const [first] = replies
  const counted = replies.flatMap(({ usage }) => usage ?? [])
  return {
    choices: replies.flatMap(({ choices }, index) =>
      choices.map((choice) => ({ ...choice, index }))
    ),
    usage: sumUsage(counted),
    serviceTier: first?.serviceTier,
    created: first?.created,
  }
}

interface Arrival {
  index: number
  result: IteratorResult<readonly ChatEvent[]>
}

/** Streams of one choice each as one stream: their events as they arrive, the usage at the end. */
export async function* joinStreams(
  streams: readonly ChatEventBatches[],
  abort: AbortController,
): ChatEventBatches {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]())
  const next = async (index: number): Promise<Arrival> => ({
    index,
    result: await iterators[index]?.next() ?? { done: true, value: undefined },
  })
  const waiting = new Map(iterators.map((_, index) => [index, next(index)]))
  let counted: readonly Usage[] = []
  try {
    while (waiting.size > 0) {
      const { index, result } = await Promise.race(waiting.values())
      if (result.done) {
        waiting.delete(index)
        continue
      }
      waiting.set(index, next(index))
      counted = [
        ...counted,
        ...result.value.flatMap((event) => event.type === 'usage' ? event.usage : []),
      ]
      yield result.value.flatMap((event) => renumber(event, index))
    }
    const usage = sumUsage(counted)
    if (usage) yield [{ type: 'usage', usage }]
  } finally {
    // What one of them failed at, or what nobody waits for any more, the others need not finish.
    abort.abort()
    for (const promise of waiting.values()) promise.catch(() => {})
  }
}

function renumber(event: ChatEvent, choice: number): readonly ChatEvent[] {
  if (event.type === 'usage') return []
  return [event.type === 'service-tier' ? event : { ...event, choice }]
}

function sumUsage(counted: readonly Usage[]): Usage | undefined {
  const [first, ...others] = counted
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
