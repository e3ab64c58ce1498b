import * as v from 'valibot'
import type { EmbeddingReply } from '../../../embeddings/model.ts'
import { asList } from '../../json.ts'
import { decodeUsage } from '../../formats/response/usage.ts'
import { EmbedTextResult, readVectors } from './wire.ts'

/**
 * Decodes the response of one call; `undefined` when it does not have `count` vectors.
 * @param encoding what was asked for: numbers are read where a response has no base64
 */
export function decodeReply(
  result: EmbedTextResult,
  count: number,
  encoding: 'float' | 'base64' = 'float',
): EmbeddingReply | undefined {
  const encoded = encoding === 'base64' ? readBase64(ofType(result, 'base64')) : undefined
  const vectors = encoded ?? readVectors(ofType(result, 'float')) ?? result.embeddings
  return vectors?.length === count ? { vectors, usage: countTokens(result) } : undefined
}

/** The same for JSON of any shape. */
export function decodeJson(
  json: unknown,
  count: number,
  encoding?: 'float' | 'base64',
): EmbeddingReply | undefined {
  const { success, output } = v.safeParse(EmbedTextResult, json)
  return success ? decodeReply(output, count, encoding) : undefined
}

/** The name of the type may be in upper case. */
function ofType({ embeddingsByType = {} }: EmbedTextResult, name: string): unknown {
  return Object.entries(embeddingsByType).find(([type]) => type.toLowerCase() === name)?.[1]
}

function readBase64(value: unknown): readonly string[] | undefined {
  const texts = asList(value)
  const isText = (text: unknown) => typeof text === 'string' && text !== ''
  return texts.length > 0 && texts.every(isText) ? texts as string[] : undefined
}

function countTokens({ usage, inputTextTokenCounts }: EmbedTextResult): EmbeddingReply['usage'] {
  const counted = decodeUsage(usage)
  if (counted) return { prompt: counted.prompt, total: counted.total }
  const tokens = inputTextTokenCounts?.reduce((sum, count) => sum + count, 0)
  return tokens === undefined ? undefined : { prompt: tokens, total: tokens }
}
