import { estimateTokens } from '../anthropic/messages/estimate.ts'
import type { RerankUsage } from '../cohere/rerank/encode.ts'
import type { RerankRequest } from '../rerank/model.ts'

/** Cohere's rules: a search unit has up to 100 documents; a longer document counts once per chunk. */
const [DOCUMENTS_PER_UNIT, TOKENS_PER_CHUNK] = [100, 500]
/** Cohere's defaults for the tokens that are read of a document, and for its chunks. */
const [MAX_TOKENS, MAX_CHUNKS] = [4_096, 10]
/** Characters whose tokens are counted; those of all documents are extrapolated. */
const SAMPLE_LENGTH = 100_000

/** Estimates the usage of a rerank, which OCI does not report. */
export function estimateRerankUsage(request: RerankRequest): RerankUsage {
  const { query, documents } = request
  const { maxTokensPerDocument = MAX_TOKENS, maxChunksPerDocument = MAX_CHUNKS } = request
  const queryTokens = Math.ceil(estimateTokens(query))
  const perCharacter = tokensPerCharacter(documents)
  const tokens = documents.map(({ length }) => Math.ceil(length * perCharacter))
  const chunks = tokens.map((count) =>
    Math.min(
      maxChunksPerDocument,
      Math.ceil((queryTokens + Math.min(count, maxTokensPerDocument)) / TOKENS_PER_CHUNK),
    )
  )
  return {
    searchUnits: Math.ceil(sum(chunks) / DOCUMENTS_PER_UNIT),
    totalTokens: sum(tokens) + queryTokens * documents.length,
  }
}

function tokensPerCharacter(documents: readonly string[]): number {
  let sample = ''
  for (const document of documents) {
    sample += document.slice(0, SAMPLE_LENGTH - sample.length)
    if (sample.length >= SAMPLE_LENGTH) break
  }
  return estimateTokens(sample) / Math.max(1, sample.length)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
