import type { AbortHandle } from '../abort.ts'
import type { ChatEvent, ChatEventBatches } from './events.ts'
import type { ChatReply, Usage } from './model.ts'

/**
 * Joins replies into one: the choices of reply `i` are numbered from `i * choicesEach`, the usage is
 * the sum, and the other members are those of the first reply.
 */
export function joinReplies(replies: readonly ChatReply[], choicesEach: number): ChatReply {
  return {
    choices: replies.flatMap(({ choices }, at) =>
      choices.map((choice) => ({ ...choice, index: choice.index + at * choicesEach }))
    ),
    usage: sumUsage(replies.flatMap(({ usage }) => usage ?? [])),
    serviceTier: replies[0]?.serviceTier,
    created: replies[0]?.created,
  }
}

/**
 * Joins streams one after the other, numbered as in `joinReplies()`, with the total usage last. A
 * stream is opened when the one before has ended.
 */
export async function* concatenateStreams(
  first: ChatEventBatches,
  rest: readonly (() => Promise<ChatEventBatches>)[],
  choicesEach: number,
): ChatEventBatches {
  const joiner = new EventJoiner(choicesEach)
  for (const [at, open] of [() => first, ...rest].entries()) {
    for await (const events of await open()) yield joiner.add(events, at)
  }
  yield* joiner.end()
}

interface Arrival {
  at: number
  result: IteratorResult<readonly ChatEvent[]>
}

/**
 * Merges streams of one choice each: their events as they arrive, the total usage last. Aborts
 * `abort` when a stream fails, when all have ended, and when the reader stops early.
 */
export async function* mergeStreams(
  streams: readonly ChatEventBatches[],
  abort: AbortHandle,
): ChatEventBatches {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]())
  const next = async (at: number): Promise<Arrival> => ({
    at,
    result: await iterators[at]?.next() ?? { done: true, value: undefined },
  })
  const pending = new Map(iterators.map((_, at) => [at, next(at)]))
  const joiner = new EventJoiner(1)
  try {
    while (pending.size > 0) {
      const { at, result } = await Promise.race(pending.values())
      if (result.done) {
        pending.delete(at)
        continue
      }
      pending.set(at, next(at))
      yield joiner.add(result.value, at)
    }
    yield* joiner.end()
  } finally {
    abort.abort()
    // The aborted streams reject their pending reads.
    for (const promise of pending.values()) promise.catch(() => {})
  }
}

/** Renumbers the events of several streams and holds back their usage until the end. */
class EventJoiner {
  readonly #choicesEach: number
  readonly #usages: Usage[] = []

  constructor(choicesEach: number) {
    this.#choicesEach = choicesEach
  }

  /** The events of the stream at position `at`. */
  add(events: readonly ChatEvent[], at: number): readonly ChatEvent[] {
    const offset = at * this.#choicesEach
    return events.flatMap((event): readonly ChatEvent[] => {
      if (event.type === 'usage') {
        this.#usages.push(event.usage)
        return []
      }
      return ['choice' in event ? { ...event, choice: event.choice + offset } : event]
    })
  }

  *end(): Generator<readonly ChatEvent[]> {
    const usage = sumUsage(this.#usages)
    if (usage) yield [{ type: 'usage', usage }]
  }
}

/** A detail that no reply counts stays `undefined`. */
function sumUsage(usages: readonly Usage[]): Usage | undefined {
  if (usages.length === 0) return undefined
  const sum = (read: (usage: Usage) => number) =>
    usages.reduce((total, usage) => total + read(usage), 0)
  const sumOf = (name: 'cached' | 'reasoning' | 'acceptedPrediction' | 'rejectedPrediction') =>
    usages.some((usage) => usage[name] !== undefined) ? sum((usage) => usage[name] ?? 0) : undefined
  const isPriced = usages.every(({ cost }) => cost !== undefined)
  return {
    ...(isPriced && { cost: sum(({ cost }) => cost ?? 0) }),
    prompt: sum(({ prompt }) => prompt),
    completion: sum(({ completion }) => completion),
    total: sum(({ total }) => total),
    cached: sumOf('cached'),
    reasoning: sumOf('reasoning'),
    acceptedPrediction: sumOf('acceptedPrediction'),
    rejectedPrediction: sumOf('rejectedPrediction'),
  }
}
