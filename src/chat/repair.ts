import { orderToolResults } from './repair/order-tool-results.ts'
import { pairToolResults } from './repair/pair-tool-results.ts'
import { locationOf } from './repair/location.ts'
import { dropEmpty } from './repair/drop-empty.ts'
import type { Message } from './model.ts'
import { boundWarnings } from './warnings.ts'

export interface RepairedMessages {
  messages: readonly Message[]
  /** What could not be kept as it was: ASCII sentences that begin with the place, in its order. */
  warnings: readonly string[]
}

/**
 * A conversation every model takes: no message without content, and behind each tool call exactly
 * one result, in the order of the calls, with ids that are unique and safe. Throws where the
 * question itself is empty. What is already so comes back equal, without a warning.
 */
export function repairMessages(messages: readonly Message[]): RepairedMessages {
  const pruned = dropEmpty(messages)
  const paired = pairToolResults(pruned.kept)
  const laidOut = orderToolResults(pruned.kept, paired)
  const notes = [...pruned.notes, ...paired.notes, ...laidOut.notes]
    .toSorted((one, other) => one.index - other.index)
  return {
    messages: laidOut.messages,
    warnings: boundWarnings(
      notes.map(({ index, text }) => `${locationOf(messages[index], index)}: ${text}`),
    ),
  }
}
