import * as v from 'valibot'
import { lenient, Numeric } from '../../json.ts'
import type { Base64Type } from '../../models/model-profile.ts'
import type { ServingMode } from '../../models/names.ts'

/** Every field that is sent to `POST /20231130/actions/embedText`. */
export interface EmbedTextDetails {
  compartmentId: string
  servingMode: ServingMode
  /** Texts, or one image with the input type `IMAGE`. */
  inputs: readonly string[] | undefined
  /** Embed v4 and later. */
  embedContents: readonly EmbedContent[] | undefined
  inputType: 'SEARCH_DOCUMENT' | 'SEARCH_QUERY' | 'CLASSIFICATION' | 'CLUSTERING' | 'IMAGE'
  truncate: 'NONE' | 'START' | 'END' | undefined
  outputDimensions: number | undefined
  embeddingTypes: readonly Base64Type[] | undefined
}

export interface EmbedContent {
  type: 'IMAGE'
  imageUrl: { url: string }
}

/** Checked without a schema per number, which takes forty times as long (measured). */
const Vectors = v.custom<readonly (readonly number[])[]>(
  (value) => Array.isArray(value) && value.every(isVector),
)

/**
 * What is read of the response. Vectors are in `embeddings` or by type, token counts in `usage` or in
 * a list.
 */
export const EmbedTextResult = v.object({
  embeddings: lenient(Vectors),
  embeddingsByType: lenient(v.record(v.string(), v.unknown())),
  usage: v.optional(v.unknown()),
  inputTextTokenCounts: lenient(v.array(Numeric)),
})
export type EmbedTextResult = v.InferOutput<typeof EmbedTextResult>

/** Reads vectors from a value of unknown type. */
export function readVectors(value: unknown): readonly (readonly number[])[] | undefined {
  return v.is(Vectors, value) ? value : undefined
}

function isVector(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  for (const number of value) if (typeof number !== 'number') return false
  return value.length > 0
}
