/** What is known of an embedding model beside its name. */
export interface Embedder {
  /** The lengths its vectors may be asked to have; `undefined` when nobody knows. */
  dimensions: readonly number[] | undefined
  /** Whether it takes `outputDimensions` at all: a model of one length is not asked for it. */
  sizes: boolean
  /** How it is given a picture; `undefined` when it reads texts only. */
  images: 'embedContents' | 'inputs' | undefined
}

/** A model released tomorrow is taken to do what the newest does, in lengths of its own. */
const UNKNOWN: Embedder = { dimensions: undefined, sizes: true, images: 'embedContents' }

const V4: Embedder = {
  dimensions: [256, 512, 1024, 1536],
  sizes: true,
  images: 'embedContents',
}
const V3: Embedder = { dimensions: [1024], sizes: false, images: undefined }
const LIGHT: Embedder = { ...V3, dimensions: [384] }

/** First match wins. Lengths are those of OCI's documentation. */
const ROWS: readonly (readonly [name: RegExp, embedder: Embedder])[] = [
  [/^cohere\.embed-v4/, V4],
  [/^cohere\.embed-.*light-image-v3/, { ...LIGHT, images: 'inputs' }],
  [/^cohere\.embed-.*image-v3/, { ...V3, images: 'inputs' }],
  [/^cohere\.embed-.*light-v[23]/, LIGHT],
  [/^cohere\.embed-.*-v3/, V3],
]

/** What an embedding model can do, by OCI's name of it. */
export function embedderOf(name: string | undefined): Embedder {
  return ROWS.find(([pattern]) => name !== undefined && pattern.test(name))?.[1] ?? UNKNOWN
}

/** Models known to be served, to offer instead of a name that OCI does not know. */
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
