import * as v from 'valibot'
import { MAX_MODEL_NAME_LENGTH, MODEL_NAME_TOO_LONG } from '../../limits.ts'

const Count = v.pipe(
  v.number(),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be 1 or more'),
)
/** A JSON object taken as it is. */
const Json = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be a text or an object',
)

/** What is read of `POST /v1/rerank` and `/v2/rerank`, in Cohere's words, which Jina shares. */
export const RerankBody = v.looseObject({
  model: v.pipe(
    v.string('must be a string'),
    v.minLength(1, 'must not be empty'),
    v.maxLength(MAX_MODEL_NAME_LENGTH, MODEL_NAME_TOO_LONG),
  ),
  query: v.pipe(v.string('must be a string'), v.minLength(1, 'must not be empty')),
  documents: v.pipe(
    v.array(v.union([v.string(), Json], 'must be a text or an object'), 'must be a list'),
    v.minLength(1, 'must not be empty'),
  ),
  top_n: v.nullish(Count),
  rank_fields: v.nullish(v.array(v.string())),
  return_documents: v.nullish(v.boolean()),
  max_chunks_per_doc: v.nullish(Count),
  max_tokens_per_doc: v.nullish(Count),
})
export type RerankBody = v.InferOutput<typeof RerankBody>
