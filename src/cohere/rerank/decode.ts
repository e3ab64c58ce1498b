import type { RerankRequest } from '../../rerank/model.ts'
import type { RerankBody } from './schema.ts'

/** Reads Cohere's request; OCI's documents are texts. */
export function decodeRequest(body: RerankBody): RerankRequest {
  return {
    model: body.model,
    query: body.query,
    documents: body.documents.map((document) => decodeDocument(document, body.rank_fields)),
    top: body.top_n ?? undefined,
    echo: body.return_documents ?? false,
    maxChunksPerDocument: body.max_chunks_per_doc ?? undefined,
    maxTokensPerDocument: body.max_tokens_per_doc ?? undefined,
  }
}

/** A document's `text` is what counts, unless other fields are named; without one, all of it. */
function decodeDocument(
  document: RerankBody['documents'][number],
  fields: readonly string[] | null | undefined,
): string {
  if (typeof document === 'string') return document
  if (fields && fields.length > 0) {
    const wanted = new Set(fields)
    return JSON.stringify(
      Object.fromEntries(Object.entries(document).filter(([key]) => wanted.has(key))),
    )
  }
  const { text } = document
  return typeof text === 'string' ? text : JSON.stringify(document)
}
