/** A request to order documents by their relevance to a query, independent of any API. */
export interface RerankRequest {
  /** The model as the client named it. */
  model: string
  query: string
  documents: readonly string[]
  /** Maximum number of results; by default all documents. */
  top: number | undefined
  /** Whether the reply repeats the documents. */
  echo: boolean
  maxChunksPerDocument: number | undefined
  maxTokensPerDocument: number | undefined
  /** An estimate of what OCI bills. */
  searchUnits?: number | undefined
}

export interface RerankReply {
  /** OCI's id of the reply, if it has one. */
  id: string | undefined
  /** Best first. */
  ranks: readonly Rank[]
}

export interface Rank {
  /** Index of the document in the request. */
  index: number
  /** From 0 to 1. */
  score: number
  /** The document, if requested. */
  text: string | undefined
}
