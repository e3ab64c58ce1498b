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
const MOST_SIGNATURES = 10_000

/** Makes an empty book. */
export function createSignatureBook(): SignatureBook {
  const book = new Map<string, string>()
  return {
    note(toolCallId, signature) {
      book.set(toolCallId, signature)
      for (const oldest of book.keys()) {
        if (book.size <= MOST_SIGNATURES) break
        book.delete(oldest)
      }
    },
    of: (toolCallId) => book.get(toolCallId),
  }
}
