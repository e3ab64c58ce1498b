import * as v from 'valibot'
import type { ServingMode } from '../../models/names.ts'

/** The body of `POST /20231130/actions/rerankText`. */
export interface RerankTextDetails {
  compartmentId: string
  servingMode: ServingMode
  input: string
  documents: readonly string[]
  topN: number | undefined
  isEcho: boolean | undefined
  maxChunksPerDocument: number | undefined
  maxTokensPerDocument: number | undefined
}

/** What is read of the response. A document is an object in Oracle's SDK and a text in recordings. */
export const RerankTextResult = v.object({
  id: v.nullish(v.string()),
  documentRanks: v.array(v.object({
    index: v.pipe(v.number(), v.integer(), v.minValue(0)),
    relevanceScore: v.pipe(v.number(), v.finite()),
    document: v.nullish(v.union([v.string(), v.object({ text: v.string() })])),
  })),
})
export type RerankTextResult = v.InferOutput<typeof RerankTextResult>
