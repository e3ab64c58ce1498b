import * as v from 'valibot'
import { lenient, Numeric } from '../../json.ts'
import type { ServingMode } from '../../models/names.ts'

/** The body of `POST /20231130/actions/embedText`, as far as we ever send it. */
export interface EmbedTextDetails {
  compartmentId: string
  servingMode: ServingMode
  /** Texts, or one picture beside the input type `IMAGE`. */
  inputs: readonly string[] | undefined
  /** Only Embed v4 and later. */
  embedContents: readonly EmbedContent[] | undefined
  inputType: 'SEARCH_DOCUMENT' | 'SEARCH_QUERY' | 'CLASSIFICATION' | 'CLUSTERING' | 'IMAGE'
  truncate: 'NONE' | 'START' | 'END' | undefined
  outputDimensions: number | undefined
}

export interface EmbedContent {
  type: 'IMAGE'
  imageUrl: { url: string }
}

/** Checked by hand: a schema of every number takes forty times as long (measured). */
const Vectors = v.custom<readonly (readonly number[])[]>(
  (value) => Array.isArray(value) && value.every(isVector),
)

/**
 * What is read of the answer. The vectors come as `embeddings` or by type; the tokens as `usage` or
 * as a list of counts.
 */
export const EmbedTextResult = v.object({
  embeddings: lenient(Vectors),
  embeddingsByType: lenient(v.record(v.string(), v.unknown())),
  usage: v.optional(v.unknown()),
  inputTextTokenCounts: lenient(v.array(Numeric)),
})
export type EmbedTextResult = v.InferOutput<typeof EmbedTextResult>

/** The vectors of a member whose type nobody vouches for. */
export function readVectors(value: unknown): readonly (readonly number[])[] | undefined {
  return v.is(Vectors, value) ? value : undefined
}

function isVector(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  for (const number of value) if (typeof number !== 'number') return false
  return value.length > 0
}
