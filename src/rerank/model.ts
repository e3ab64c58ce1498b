/** Documents to be ordered by what they say to a question, in nobody's words. */
export interface RerankRequest {
  /** The model as the client named it. */
  model: string
  query: string
  documents: readonly string[]
  /** How many of the best to name; all when nobody says. */
  top: number | undefined
  /** Whether the answer repeats the documents. */
  echo: boolean
  maxChunksPerDocument: number | undefined
  maxTokensPerDocument: number | undefined
}

export interface RerankReply {
  /** OCI's id of the answer, where it gave one. */
  id: string | undefined
  /** Best first. */
  ranks: readonly Rank[]
}

export interface Rank {
  /** Which of the request's documents. */
  index: number
  /** From 0 to 1. */
  score: number
  /** The document, where it was asked for. */
  text: string | undefined
}
