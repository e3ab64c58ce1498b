/** A request for embeddings of texts and images, independent of any API. */
export interface EmbeddingRequest {
  /** The model as the client named it. */
  model: string
  inputs: readonly EmbeddingInput[]
  /** The use of the vectors: some models embed queries and documents differently. */
  purpose: EmbeddingPurpose | undefined
  /** Length of each vector; by default the model's. */
  dimensions: number | undefined
  /** Which end of a text that is too long may be truncated; by default none. */
  truncate: 'none' | 'start' | 'end' | undefined
  /** How the client receives the vectors. */
  encoding: 'float' | 'base64'
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
    /** The field in the client's request, for errors: `input[3]`. */
    param: string
    /** Whether the client sent it as a string, which is a text for a model without images. */
    isString?: true
  }

/** Numbers, or base64 of floats of 32 bits in little-endian order, if the request is for base64. */
export type EmbeddingVector = readonly number[] | string

/** One vector for each input, in the order of the inputs. */
export interface EmbeddingReply {
  vectors: readonly EmbeddingVector[]
  /** Input tokens and all tokens; `undefined` when OCI does not count them. */
  usage: { prompt: number; total: number } | undefined
}
