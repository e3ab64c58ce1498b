import type { RerankRequest } from '../../rerank/model.ts'
import type { RerankBody } from './schema.ts'

/** Reads Cohere's request; OCI's documents are texts. */
export function decodeRequest(body: RerankBody): RerankRequest {
  const { rank_fields: names } = body
  // Made once for all documents: their product with the names would be quadratic in the request.
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

/** A document's `text` is what counts, unless other fields are named; without one, all of it. */
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
