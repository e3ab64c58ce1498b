import * as v from 'valibot'
import { Count, ModelName } from '../../request-fields.ts'

const Address = v.union([v.string(), v.object({ url: v.string() })])
const Part = v.variant('type', [
  v.object({ type: v.literal('text'), text: v.string() }),
  v.object({ type: v.literal('image_url'), image_url: Address }),
])
export type EmbeddingPart = v.InferOutput<typeof Part>

const SHAPES = 'must be a string, an image part, or a list of these'
/** Accepts tokens as well, so that the decoder can reject them with advice. */
const Item = v.union([v.string(), Part, v.number(), v.array(v.number())], SHAPES)
const Items = v.array(Item)
/** Not a union of both, so that an error names the item. */
const Input = v.lazy((input) => Array.isArray(input) ? Items : Item)

/** The members of `POST /v1/embeddings` that are read. `input_type` and `truncate` are Cohere's. */
export const EmbeddingsRequest = v.looseObject({
  model: ModelName,
  input: Input,
  dimensions: v.nullish(Count),
  encoding_format: v.nullish(
    v.picklist(['float', 'base64'], 'must be "float" or "base64"'),
    'float',
  ),
  input_type: v.nullish(v.pipe(
    v.string(),
    v.toLowerCase(),
    v.picklist(
      ['search_query', 'search_document', 'classification', 'clustering', 'image'],
      'must be "search_query", "search_document", "classification", "clustering" or "image"',
    ),
  )),
  truncate: v.nullish(v.pipe(
    v.string(),
    v.toLowerCase(),
    v.picklist(['none', 'start', 'end'], 'must be "none", "start" or "end"'),
  )),
})
export type EmbeddingsRequest = v.InferOutput<typeof EmbeddingsRequest>
