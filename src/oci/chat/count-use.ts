import type { ChatEvent } from '../../chat/events.ts'
import type { ChatReply, Usage } from '../../chat/model.ts'
import type { CountedCall } from '../call.ts'

/** Counts a complete reply. Returns it with the cost of the call, if that is known. */
export function countReply(reply: ChatReply, use: CountedCall): ChatReply {
  for (const { text, reasoning, refusal, toolCalls } of reply.choices) {
    use.text(text + reasoning + refusal)
    for (const call of toolCalls) use.text(call.name + call.arguments)
  }
  use.complete()
  return reply.usage ? { ...reply, usage: withCost(reply.usage, use) } : reply
}

/** Counts the events of a stream. Returns them with the cost of the call, if that is known. */
export function countEvents(
  events: readonly ChatEvent[],
  use: CountedCall,
): readonly ChatEvent[] {
  let hasUsage = false
  for (const event of events) {
    switch (event.type) {
      case 'text-delta':
      case 'reasoning-delta':
      case 'refusal-delta':
        use.text(event.text)
        break
      case 'tool-call-start':
        use.text(event.name)
        break
      case 'tool-call-delta':
        use.text(event.arguments)
        break
      case 'usage':
        hasUsage = true
        break
      case 'annotations':
      case 'logprobs':
      case 'finish':
      case 'service-tier':
    }
  }
  return hasUsage ? events.map((event) => withEventCost(event, use)) : events
}

function withEventCost(event: ChatEvent, use: CountedCall): ChatEvent {
  return event.type === 'usage' ? { ...event, usage: withCost(event.usage, use) } : event
}

function withCost(usage: Usage, use: CountedCall): Usage {
  const cost = use.usage(usage)
  return cost === undefined ? usage : { ...usage, cost }
}
