import * as v from 'valibot'
import { Count, JsonObject, ModelName, NonEmptyText } from '../../request-fields.ts'

/** What is read of Cohere's `POST /v1/rerank` and `/v2/rerank`; Jina's request has the same form. */
export const RerankBody = v.looseObject({
  model: ModelName,
  query: NonEmptyText,
  documents: v.pipe(
    v.array(v.union([v.string(), JsonObject], 'must be a string or an object'), 'must be a list'),
    v.minLength(1, 'must not be empty'),
  ),
  top_n: v.nullish(Count),
  rank_fields: v.nullish(v.array(v.string())),
  return_documents: v.nullish(v.boolean()),
  max_chunks_per_doc: v.nullish(Count),
  max_tokens_per_doc: v.nullish(Count),
})
export type RerankBody = v.InferOutput<typeof RerankBody>
