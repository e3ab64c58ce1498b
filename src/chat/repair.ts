import { layOut } from './repair/order-tool-results.ts'
import { pairResults } from './repair/pair-tool-results.ts'
import { placeOf } from './repair/location.ts'
import { prune } from './repair/drop-empty.ts'
import type { Message } from './model.ts'
import { boundWarnings } from './warnings.ts'

export interface Mended {
  messages: readonly Message[]
  /** What could not be kept as it was: ASCII sentences that begin with the place, in its order. */
  warnings: readonly string[]
}

/**
 * A conversation every model takes: no message without content, and behind each tool call exactly
 * one result, in the order of the calls, with ids that are unique and safe. Throws where the
 * question itself is empty. What is already so comes back equal, without a warning.
 */
export function mendMessages(messages: readonly Message[]): Mended {
  const pruned = prune(messages)
  const paired = pairResults(pruned.kept)
  const laidOut = layOut(pruned.kept, paired)
  const notes = [...pruned.notes, ...paired.notes, ...laidOut.notes]
    .toSorted((one, other) => one.index - other.index)
  return {
    messages: laidOut.messages,
    warnings: boundWarnings(
      notes.map(({ index, text }) => `${placeOf(messages[index], index)}: ${text}`),
    ),
  }
}
