import { BoundedMap } from '../../bounded-map.ts'

/**
 * Gemini may sign its thoughts at a tool call and want the signature back with the call's result.
 * Clients do not return it, so it is kept here by the call's id. OCI's documents know no such
 * field: what was not received is never sent.
 */
export interface ThoughtSignatures {
  record(toolCallId: string, signature: string): void
  of(toolCallId: string): string | undefined
}

/** The signatures of all clients. */
export interface SignatureCache {
  /** Those of one client: an id that a model uses twice never brings another client's signature. */
  for(client: string | undefined): ThoughtSignatures
}

const MAX_SIGNATURES = 10_000
/** Characters; a longer signature is not kept, so that the cache stays below 160 MB. */
const MAX_LENGTH = 8_192

/** Makes an empty cache. */
export function createSignatureCache(): SignatureCache {
  const signatures = new BoundedMap<string>({ maxEntries: MAX_SIGNATURES })
  return {
    for: (client = '') => ({
      record(toolCallId, signature) {
        if (signature.length <= MAX_LENGTH) signatures.set(`${client}\n${toolCallId}`, signature)
      },
      of: (toolCallId) => signatures.get(`${client}\n${toolCallId}`),
    }),
  }
}
