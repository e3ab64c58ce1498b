import type { RerankRequest } from '../../../../src/rerank/model.ts'

/** A query about two documents, with overrides. */
export function rerankRequest(part: Partial<RerankRequest> = {}): RerankRequest {
  return {
    model: 'acme.rank',
    query: 'which?',
    documents: ['a', 'b'],
    top: undefined,
    echo: false,
    maxChunksPerDocument: undefined,
    maxTokensPerDocument: undefined,
    ...part,
  }
}
