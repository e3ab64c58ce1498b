import type { ChatEvent, ChatEventBatches } from './events.ts'
import type { ChatReply, Usage } from './model.ts'

/**
 * The answers to several conversations as one: the choices are counted on, `each` to a
 * conversation, and the tokens added up.
 */
export function joinReplies(replies: readonly ChatReply[], each: number): ChatReply {
  return {
    choices: replies.flatMap(({ choices }, at) =>
      choices.map((choice) => ({ ...choice, index: choice.index + at * each }))
    ),
    usage: sumUsage(replies.flatMap(({ usage }) => usage ?? [])),
    serviceTier: replies[0]?.serviceTier,
    created: replies[0]?.created,
  }
}

/** The same for streams, one after the other; the tokens come last. */
export async function* joinStreams(
  first: ChatEventBatches,
  rest: readonly (() => Promise<ChatEventBatches>)[],
  each: number,
): AsyncGenerator<readonly ChatEvent[]> {
  const usages: Usage[] = []
  for (const [at, open] of [() => first, ...rest].entries()) {
    for await (const events of await open()) {
      for (const event of events) {
        if (event.type === 'usage') usages.push(event.usage)
      }
      yield events.flatMap((event) => event.type === 'usage' ? [] : [countOn(event, at * each)])
    }
  }
  const usage = sumUsage(usages)
  if (usage) yield [{ type: 'usage', usage }]
}

function countOn(event: ChatEvent, by: number): ChatEvent {
  return 'choice' in event ? { ...event, choice: event.choice + by } : event
}

function sumUsage(usages: readonly Usage[]): Usage | undefined {
  if (usages.length === 0) return undefined
  const sum = (read: (usage: Usage) => number) =>
    usages.reduce((total, usage) => total + read(usage), 0)
  const sumOf = (name: 'cached' | 'reasoning' | 'acceptedPrediction' | 'rejectedPrediction') =>
    usages.some((usage) => usage[name] !== undefined) ? sum((usage) => usage[name] ?? 0) : undefined
  return {
    prompt: sum(({ prompt }) => prompt),
    completion: sum(({ completion }) => completion),
    total: sum(({ total }) => total),
    cached: sumOf('cached'),
    reasoning: sumOf('reasoning'),
    acceptedPrediction: sumOf('acceptedPrediction'),
    rejectedPrediction: sumOf('rejectedPrediction'),
  }
}
