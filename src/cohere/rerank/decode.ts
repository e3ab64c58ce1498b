import type { RerankRequest } from '../../rerank/model.ts'
import type { RerankBody } from './schema.ts'

/** Decodes Cohere's request. Documents become texts, the only form that OCI takes. */
export function decodeRequest(body: RerankBody): RerankRequest {
  const { rank_fields: names } = body
  // A set for all documents: searching the list for each key would be quadratic in the request.
  const fields = names && names.length > 0 ? new Set(names) : undefined
  return {
    model: body.model,
    query: body.query,
    documents: body.documents.map((document) => decodeDocument(document, fields)),
    top: body.top_n ?? undefined,
    echo: body.return_documents ?? false,
    maxChunksPerDocument: body.max_chunks_per_doc ?? undefined,
    maxTokensPerDocument: body.max_tokens_per_doc ?? undefined,
  }
}

/** The fields named by `rank_fields`; by default the document's `text`, or all of its JSON. */
function decodeDocument(
  document: RerankBody['documents'][number],
  fields: ReadonlySet<string> | undefined,
): string {
  if (typeof document === 'string') return document
  if (fields) {
    return JSON.stringify(
      Object.fromEntries(Object.entries(document).filter(([key]) => fields.has(key))),
    )
  }
  const { text } = document
  return typeof text === 'string' ? text : JSON.stringify(document)
}
