import { withRegisteredType } from '../../../chat/data-url.ts'
import type {
  EmbeddingInput,
  EmbeddingPurpose,
  EmbeddingRequest,
} from '../../../embeddings/model.ts'
import { ApiError } from '../../../errors.ts'
import type { ResolvedModel } from '../../models/resolve.ts'
import { servingMode } from '../../models/names.ts'
import { type EmbeddingModel, embeddingModelOf } from './models.ts'
import type { EmbedTextDetails } from './wire.ts'

/** The inputs of a request that one call embeds. */
export interface EmbeddingBatch {
  body: EmbedTextDetails
  /** The positions of these inputs in the request, in the order of the vectors. */
  positions: readonly number[]
}

/** Maximum inputs of one call. */
const MAX_INPUTS = 96

/**
 * Splits a request into calls: up to 96 texts each, and one image each, because OCI accepts no more
 * than one image per call.
 */
export function encodeRequest(
  request: EmbeddingRequest,
  resolved: ResolvedModel,
): EmbeddingBatch[] {
  const model = embeddingModelOf(resolved.name)
  const shared = {
    compartmentId: resolved.compartmentId,
    servingMode: servingMode(resolved.model),
    truncate: request.truncate && TRUNCATIONS[request.truncate],
    outputDimensions: encodeDimensions(request, model),
    embeddingTypes: undefined,
  }
  const inputs = model.imageField === undefined && request.inputs.length > 1
    ? request.inputs.map(withoutStringImages)
    : request.inputs
  const { base64Embeddings } = resolved.profile
  const texts = inputs.flatMap((input, at) =>
    input.type === 'text' ? [{ at, text: input.text }] : []
  )
  if (texts.length > 0) rejectTextAsImage(request)
  return [
    ...chunks(texts, MAX_INPUTS).map((chunk) => ({
      positions: chunk.map(({ at }) => at),
      body: {
        ...shared,
        inputs: chunk.map(({ text }) => text),
        embedContents: undefined,
        inputType: INPUT_TYPES[request.purpose ?? 'search-document'],
        embeddingTypes: request.encoding === 'base64' && base64Embeddings
          ? [base64Embeddings]
          : undefined,
      },
    })),
    ...inputs.flatMap((input, at) =>
      input.type === 'image'
        ? [{ positions: [at], body: { ...shared, ...encodeImage(input, model, request.model) } }]
        : []
    ),
  ]
}

/** One string that looks like an image does not make the whole list fail. */
function withoutStringImages(input: EmbeddingInput): EmbeddingInput {
  return input.type === 'image' && input.isString ? { type: 'text', text: input.url } : input
}

const TRUNCATIONS = { none: 'NONE', start: 'START', end: 'END' } as const

/** Cohere's models from v3 on require an input type; `search-document` is the default. */
const INPUT_TYPES: Readonly<Record<EmbeddingPurpose, EmbedTextDetails['inputType']>> = {
  'search-query': 'SEARCH_QUERY',
  'search-document': 'SEARCH_DOCUMENT',
  'classification': 'CLASSIFICATION',
  'clustering': 'CLUSTERING',
  'image': 'IMAGE',
}

/** A model with a single length does not support the parameter. */
function encodeDimensions(
  { dimensions, model: name }: EmbeddingRequest,
  model: EmbeddingModel,
): number | undefined {
  if (dimensions === undefined) return undefined
  const possible = model.dimensions
  if (!possible || possible.includes(dimensions)) {
    return model.acceptsDimensions ? dimensions : undefined
  }
  throw new ApiError(
    'invalid_request',
    `"dimensions" must be ${listed(possible)} for "${name}"`,
    { param: 'dimensions' },
  )
}

function listed(numbers: readonly number[]): string {
  return `${numbers.length > 1 ? 'one of ' : ''}${numbers.join(', ').replace(/, (\d+)$/, ' or $1')}`
}

function rejectTextAsImage({ purpose }: EmbeddingRequest): void {
  if (purpose !== 'image') return
  throw new ApiError(
    'invalid_request',
    'A text cannot have the "input_type" image: send images as data URLs, or another "input_type"',
    { param: 'input_type' },
  )
}

function encodeImage(
  { url: address, param }: Extract<EmbeddingInput, { type: 'image' }>,
  { imageField }: EmbeddingModel,
  model: string,
): Pick<EmbedTextDetails, 'inputs' | 'embedContents' | 'inputType'> {
  const url = withRegisteredType(address)
  switch (imageField) {
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
        `"${model}" does not support images: send text`,
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
