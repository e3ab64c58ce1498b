/** What the gateway knows about an embedding model. */
export interface EmbeddingModel {
  /** The possible lengths of its vectors; `undefined` when unknown. */
  dimensions: readonly number[] | undefined
  /** Whether it supports `outputDimensions`: models with a single length do not. */
  acceptsDimensions: boolean
  /** The request field of images; `undefined` when it supports only text. */
  imageField: 'embedContents' | 'inputs' | undefined
}

/** An unknown model is treated like the newest one, with unknown lengths. */
const UNKNOWN: EmbeddingModel = {
  dimensions: undefined,
  acceptsDimensions: true,
  imageField: 'embedContents',
}

const V4: EmbeddingModel = {
  dimensions: [256, 512, 1024, 1536],
  acceptsDimensions: true,
  imageField: 'embedContents',
}
const V3: EmbeddingModel = { dimensions: [1024], acceptsDimensions: false, imageField: undefined }
const LIGHT: EmbeddingModel = { ...V3, dimensions: [384] }

/** The first match wins. The lengths are from OCI's documentation. */
const ROWS: readonly (readonly [name: RegExp, model: EmbeddingModel])[] = [
  [/^cohere\.embed-v4/, V4],
  [/^cohere\.embed-.*light-image-v3/, { ...LIGHT, imageField: 'inputs' }],
  [/^cohere\.embed-.*image-v3/, { ...V3, imageField: 'inputs' }],
  [/^cohere\.embed-.*light-v[23]/, LIGHT],
  [/^cohere\.embed-.*-v3/, V3],
]

/** Looks up an embedding model by its OCI name. */
export function embeddingModelOf(name: string | undefined): EmbeddingModel {
  return ROWS.find(([pattern]) => name !== undefined && pattern.test(name))?.[1] ?? UNKNOWN
}

/** Models that OCI is known to serve, suggested in errors about unknown names. */
export const EMBEDDING_MODELS: readonly string[] = [
  'cohere.embed-v4.0',
  'cohere.embed-english-v3.0',
  'cohere.embed-multilingual-v3.0',
  'cohere.embed-english-light-v3.0',
  'cohere.embed-multilingual-light-v3.0',
  'cohere.embed-english-image-v3.0',
  'cohere.embed-multilingual-image-v3.0',
  'cohere.embed-english-light-image-v3.0',
  'cohere.embed-multilingual-light-image-v3.0',
]
