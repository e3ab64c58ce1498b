import type { StreamEvent } from '../exchange.ts'
import { checkChatOrder } from './chat.ts'
import { checkMessagesOrder } from './messages.ts'
import { checkResponsesOrder } from './responses.ts'

/** Checks the order and the positions of the events of a stream. Returns what is wrong. */
export function checkOrder(path: string, events: readonly StreamEvent[]): string[] {
  if (path.includes('/responses')) return checkResponsesOrder(events)
  return path.includes('/messages') ? checkMessagesOrder(events) : checkChatOrder(events)
}
