import { orderToolResults } from './repair/order-tool-results.ts'
import { pairToolResults } from './repair/pair-tool-results.ts'
import { type LocatedMessage, locationOf, type RepairWarning } from './repair/location.ts'
import { dropEmpty } from './repair/drop-empty.ts'
import type { Message } from './model.ts'
import type { Steps } from '../steps.ts'
import { boundWarnings } from './warnings.ts'

export interface RepairedMessages {
  messages: readonly Message[]
  /** What was changed, in the order of the messages: ASCII texts that begin with a location. */
  warnings: readonly string[]
}

/**
 * Repairs a conversation so that every model accepts it: no message without content, and exactly one
 * result after each tool call, in the order of the calls, with unique and safe ids. A conversation
 * without faults stays equal and gets no warning. Throws an `invalid_request` when the last user
 * message, or the whole conversation, is empty.
 */
export function* repairMessages(messages: readonly Message[]): Steps<RepairedMessages> {
  const { kept, warnings } = dropEmpty(messages)
  yield
  if (!kept.some(usesTools)) {
    return { messages: kept.map(({ message }) => message), warnings: textsOf(warnings, messages) }
  }
  const paired = pairToolResults(kept)
  yield
  const ordered = yield* orderToolResults(kept, paired)
  const all = [...warnings, ...paired.warnings, ...ordered.warnings]
    .toSorted((one, other) => one.index - other.index)
  return { messages: ordered.messages, warnings: textsOf(all, messages) }
}

function usesTools({ message }: LocatedMessage): boolean {
  return message.role === 'tool' || (message.role === 'assistant' && message.toolCalls.length > 0)
}

function textsOf(
  warnings: readonly RepairWarning[],
  messages: readonly Message[],
): readonly string[] {
  return boundWarnings(
    warnings.map(({ index, text }) => `${locationOf(messages[index], index)}: ${text}`),
  )
}
