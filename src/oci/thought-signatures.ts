import { BoundedMap } from '../bounded-map.ts'

/**
 * Gemini may sign its thoughts at a tool call and want the signature back with the call's result.
 * Clients do not return it, so it is kept here by the call's id. OCI's documents know no such
 * field: what was not received is never sent.
 */
export interface SignatureBook {
  note(toolCallId: string, signature: string): void
  of(toolCallId: string): string | undefined
}

/** How many are kept; the oldest go first. */
const MAX_SIGNATURES = 10_000
/** UTF-16 units; what is longer is not kept. Those that were seen have some thousands at most. */
const MAX_LENGTH = 65_536

/** Makes an empty book. */
export function createSignatureBook(): SignatureBook {
  const book = new BoundedMap<string>({ maxEntries: MAX_SIGNATURES })
  return {
    note(toolCallId, signature) {
      if (signature.length <= MAX_LENGTH) book.set(toolCallId, signature)
    },
    of: (toolCallId) => book.get(toolCallId),
  }
}
