import type { EmbeddingReply } from '../../../embeddings/model.ts'
import { decodeUsage } from '../../formats/response/usage.ts'
import { type EmbedTextResult, readVectors } from './wire.ts'

/** Decodes the response of one call; `undefined` when it does not have `count` vectors. */
export function decodeReply(result: EmbedTextResult, count: number): EmbeddingReply | undefined {
  const vectors = floats(result) ?? result.embeddings
  return vectors?.length === count ? { vectors, usage: countTokens(result) } : undefined
}

/** The name of the type may be in upper case. */
function floats({ embeddingsByType = {} }: EmbedTextResult): EmbeddingReply['vectors'] | undefined {
  const entry = Object.entries(embeddingsByType).find(([type]) => type.toLowerCase() === 'float')
  return readVectors(entry?.[1])
}

function countTokens({ usage, inputTextTokenCounts }: EmbedTextResult): EmbeddingReply['usage'] {
  const counted = decodeUsage(usage)
  if (counted) return { prompt: counted.prompt, total: counted.total }
  const tokens = inputTextTokenCounts?.reduce((sum, count) => sum + count, 0)
  return tokens === undefined ? undefined : { prompt: tokens, total: tokens }
}
