import type {
  EmbeddingInput,
  EmbeddingPurpose,
  EmbeddingRequest,
} from '../../../embeddings/model.ts'
import { ApiError } from '../../../errors.ts'
import type { ResolvedModel } from '../../models/resolve.ts'
import { servingMode } from '../../models/names.ts'
import { type Embedder, embedderOf } from './models.ts'
import type { EmbedTextDetails } from './wire.ts'

/** One call's share of a request. */
export interface EmbeddingBatch {
  body: EmbedTextDetails
  /** Which of the request's inputs it holds, in the order of its vectors. */
  positions: readonly number[]
}

/** Inputs of one call at most. */
const MOST_INPUTS = 96

/**
 * Divides a request into calls that OCI takes: texts by the 96, each picture alone, since no more
 * than one fits into a call and what a vector stands for is then certain.
 */
export function encodeRequest(request: EmbeddingRequest, known: ResolvedModel): EmbeddingBatch[] {
  const embedder = embedderOf(known.name)
  const shared = {
    compartmentId: known.compartmentId,
    servingMode: servingMode(known.model),
    truncate: request.truncate && TRUNCATIONS[request.truncate],
    outputDimensions: encodeDimensions(request, embedder),
  }
  const texts = request.inputs.flatMap((input, at) =>
    input.type === 'text' ? [{ at, text: input.text }] : []
  )
  if (texts.length > 0) refuseTextAsImage(request)
  return [
    ...chunks(texts, MOST_INPUTS).map((chunk) => ({
      positions: chunk.map(({ at }) => at),
      body: {
        ...shared,
        inputs: chunk.map(({ text }) => text),
        embedContents: undefined,
        inputType: INPUT_TYPES[request.purpose ?? 'search-document'],
      },
    })),
    ...request.inputs.flatMap((input, at) =>
      input.type === 'image'
        ? [{ positions: [at], body: { ...shared, ...encodeImage(input, embedder, request.model) } }]
        : []
    ),
  ]
}

const TRUNCATIONS = { none: 'NONE', start: 'START', end: 'END' } as const

/** Cohere's models from v3 on want one: what is stored is a document until somebody says otherwise. */
const INPUT_TYPES: Readonly<Record<EmbeddingPurpose, EmbedTextDetails['inputType']>> = {
  'search-query': 'SEARCH_QUERY',
  'search-document': 'SEARCH_DOCUMENT',
  'classification': 'CLASSIFICATION',
  'clustering': 'CLUSTERING',
  'image': 'IMAGE',
}

/** A model of one length gives it unasked. */
function encodeDimensions(
  { dimensions, model }: EmbeddingRequest,
  embedder: Embedder,
): number | undefined {
  if (dimensions === undefined) return undefined
  const possible = embedder.dimensions
  if (!possible || possible.includes(dimensions)) return embedder.sizes ? dimensions : undefined
  throw new ApiError(
    'invalid_request',
    `Cannot make vectors of ${dimensions} numbers: "${model}" makes them of ${listed(possible)}`,
    { param: 'dimensions' },
  )
}

function listed(numbers: readonly number[]): string {
  return numbers.join(', ').replace(/, (\d+)$/, ' or $1')
}

function refuseTextAsImage({ purpose }: EmbeddingRequest): void {
  if (purpose !== 'image') return
  throw new ApiError(
    'invalid_request',
    'Cannot embed a text as an image: send images as data URLs, or another "input_type"',
    { param: 'input_type' },
  )
}

function encodeImage(
  { url, param }: Extract<EmbeddingInput, { type: 'image' }>,
  { images }: Embedder,
  model: string,
): Pick<EmbedTextDetails, 'inputs' | 'embedContents' | 'inputType'> {
  switch (images) {
    case 'embedContents':
      return {
        inputs: undefined,
        embedContents: [{ type: 'IMAGE', imageUrl: { url } }],
        inputType: 'IMAGE',
      }
    case 'inputs':
      return { inputs: [url], embedContents: undefined, inputType: 'IMAGE' }
    case undefined:
      throw new ApiError(
        'unsupported_content',
        `Cannot embed an image: "${model}" reads texts only`,
        { param },
      )
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, index) => items.slice(index * size, (index + 1) * size),
  )
}
