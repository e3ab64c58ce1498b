/** Texts and pictures to be turned into vectors, in nobody's words. */
export interface EmbeddingRequest {
  /** The model as the client named it. */
  model: string
  inputs: readonly EmbeddingInput[]
  /** What the vectors are for: some models lay questions elsewhere than answers. */
  purpose: EmbeddingPurpose | undefined
  /** Numbers in each vector; the model's own when nobody says. */
  dimensions: number | undefined
  /** Which end of an overlong text may be cut off; none when nobody says. */
  truncate: 'none' | 'start' | 'end' | undefined
}

export type EmbeddingPurpose =
  | 'search-query'
  | 'search-document'
  | 'classification'
  | 'clustering'
  | 'image'

export type EmbeddingInput =
  | { type: 'text'; text: string }
  | {
    type: 'image'
    /** A `data:` URL. */
    url: string
    /** Where the client put it, for an error that names it: `input[3]`. */
    param: string
  }

/** A vector for each input, in the inputs' order. */
export interface EmbeddingReply {
  vectors: readonly (readonly number[])[]
  /** Tokens read, and all tokens; absent when nobody counted. */
  usage: { prompt: number; total: number } | undefined
}
