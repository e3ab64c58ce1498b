import type { RerankReply } from '../../rerank/model.ts'

/** What names an answer to its client. */
export interface RerankIdentity {
  /** Stands in for OCI's id where it gave none. */
  id: string
  /** The model's name as the client wrote it. */
  model: string
  /** Of Cohere's API, as the path says it. */
  version: '1' | '2'
  /** What could not be passed on, field first. */
  warnings: readonly string[]
}

/** Cohere's answer. OCI counts no tokens, so there is no usage. */
export interface RerankAnswer {
  id: string
  model: string
  results: { index: number; relevance_score: number; document?: { text: string } }[]
  meta: { api_version: { version: string }; warnings?: readonly string[] }
}

/** Writes the ranks in OCI's order, best first. */
export function encodeReply(
  { id, ranks }: RerankReply,
  identity: RerankIdentity,
): RerankAnswer {
  return {
    id: id ?? identity.id,
    model: identity.model,
    results: ranks.map(({ index, score, text }) => ({
      index,
      relevance_score: score,
      ...(text !== undefined && { document: { text } }),
    })),
    meta: {
      api_version: { version: identity.version },
      ...(identity.warnings.length > 0 && { warnings: identity.warnings }),
    },
  }
}
