import type { RerankReply } from '../../rerank/model.ts'

/** The identity of a reply. */
export interface RerankIdentity {
  /** Used when OCI's reply has no id. */
  id: string
  /** The model's name as the client wrote it. */
  model: string
  /** Version of Cohere's API, from the path. */
  version: '1' | '2'
  /** Ignored parameters: texts that begin with the field. */
  warnings: readonly string[]
  usage: RerankUsage
}

/** What a rerank costs, estimated. */
export interface RerankUsage {
  /** As Cohere counts and OCI bills. */
  searchUnits: number
  /** Of each document together with the query, as Jina counts. */
  totalTokens: number
}

/** Cohere's response, with the usage where clients of Cohere and of Jina look for it. */
export interface RerankAnswer {
  id: string
  model: string
  results: { index: number; relevance_score: number; document?: { text: string } }[]
  meta: {
    api_version: { version: string }
    billed_units: { search_units: number }
    warnings?: readonly string[]
  }
  usage: { total_tokens: number }
}

/** Encodes the ranks in OCI's order, best first. */
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
      billed_units: { search_units: identity.usage.searchUnits },
      ...(identity.warnings.length > 0 && { warnings: identity.warnings }),
    },
    usage: { total_tokens: identity.usage.totalTokens },
  }
}
