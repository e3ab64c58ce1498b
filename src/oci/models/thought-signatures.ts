import { BoundedMap } from '../../bounded-map.ts'

/**
 * The signatures of Gemini's thoughts, by the id of the tool call. Gemini may expect the signature
 * back with the call's result, but clients do not return it. OCI does not document such a field, so
 * only a received signature is sent.
 */
export interface ThoughtSignatures {
  record(toolCallId: string, signature: string): void
  of(toolCallId: string): string | undefined
}

/** The signatures of all clients. */
export interface SignatureCache {
  /** Returns the signatures of one client, because models may reuse ids across clients. */
  for(client: string | undefined): ThoughtSignatures
}

const MAX_SIGNATURES = 10_000
/** Characters. Longer signatures are not cached, which limits the cache to 160 MB. */
const MAX_LENGTH = 8_192

/** Creates an empty cache. */
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
