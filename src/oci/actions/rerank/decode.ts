import type { RerankReply, RerankRequest } from '../../../rerank/model.ts'
import type { RerankTextResult } from './wire.ts'

/** Decodes the response; `undefined` when it ranks a document that does not exist. */
export function decodeReply(
  { id, documentRanks }: RerankTextResult,
  { documents, echo }: RerankRequest,
): RerankReply | undefined {
  if (documentRanks.some(({ index }) => index >= documents.length)) return undefined
  return {
    id: id ?? undefined,
    ranks: documentRanks.map(({ index, relevanceScore, document }) => ({
      index,
      score: relevanceScore,
      text: echo ? textOf(document) ?? documents[index] : undefined,
    })),
  }
}

function textOf(document: string | { text: string } | null | undefined): string | undefined {
  return typeof document === 'string' ? document : document?.text
}
