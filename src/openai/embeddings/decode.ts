import type { EmbeddingInput, EmbeddingPurpose, EmbeddingRequest } from '../../embeddings/model.ts'
import { ApiError } from '../../errors.ts'
import { rejectWebAddress } from '../web-address.ts'
import type { EmbeddingPart, EmbeddingsRequest } from './schema.ts'

/** Decodes OpenAI's request. A text that is a complete data URL of an image is an image. */
export function decodeRequest(body: EmbeddingsRequest): EmbeddingRequest {
  return {
    model: body.model,
    inputs: decodeInputs(body.input),
    purpose: body.input_type ? PURPOSES[body.input_type] : undefined,
    dimensions: body.dimensions ?? undefined,
    truncate: body.truncate ?? undefined,
    encoding: body.encoding_format ?? 'float',
  }
}

type InputType = NonNullable<EmbeddingsRequest['input_type']>

const PURPOSES: Readonly<Record<InputType, EmbeddingPurpose>> = {
  search_query: 'search-query',
  search_document: 'search-document',
  classification: 'classification',
  clustering: 'clustering',
  image: 'image',
}

function decodeInputs(input: EmbeddingsRequest['input']): EmbeddingInput[] {
  if (!Array.isArray(input)) return [decodeInput(input, 'input')]
  if (input.length === 0) throw empty('input')
  return input.map((item, index) => decodeInput(item, `input[${index}]`))
}

function decodeInput(
  item: string | EmbeddingPart | number | readonly number[],
  param: string,
): EmbeddingInput {
  if (typeof item === 'number' || item instanceof Array) throw tokens()
  if (typeof item === 'string' && IMAGE_URL.test(item)) {
    return { type: 'image', url: item, param, isString: true }
  }
  const part = typeof item === 'string' ? { type: 'text' as const, text: item } : item
  switch (part.type) {
    case 'text':
      if (part.text === '') throw empty(param)
      return { type: 'text', text: part.text }
    case 'image_url': {
      const url = typeof part.image_url === 'string' ? part.image_url : part.image_url.url
      rejectWebAddress(url, param)
      return { type: 'image', url, param }
    }
  }
}

/** A text that only begins like a data URL, such as a piece of a document, is a text. */
const IMAGE_URL = /^data:image\/[\w.+-]{1,40};base64,[A-Za-z0-9+/]+={0,2}$/i

function empty(param: string): ApiError {
  return new ApiError('invalid_request', `"${param}" must not be empty`, { param })
}

/** LangChain, for one, sends OpenAI's tokens by default. */
function tokens(): ApiError {
  return new ApiError(
    'invalid_request',
    '"input" must be text; tokens are not supported (LangChain: check_embedding_ctx_length=False)',
    { param: 'input' },
  )
}
