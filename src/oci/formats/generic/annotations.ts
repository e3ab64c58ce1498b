import * as v from 'valibot'
import type { Annotation } from '../../../chat/model.ts'
import { asList } from '../../json.ts'
import { NONE } from '../response/decode-reply.ts'
import { GroundingMetadata, UrlCitation } from './wire.ts'

/** Decodes the sources of a choice: citations as OpenAI sends them, grounding as Gemini does. */
export function decodeAnnotations(
  annotations: unknown,
  groundingMetadata: unknown,
): readonly Annotation[] {
  const cited = annotations ? asList(annotations).flatMap(citation) : NONE
  return groundingMetadata ? [...cited, ...grounding(groundingMetadata)] : cited
}

function citation(json: unknown): readonly Annotation[] {
  const { success, output } = v.safeParse(UrlCitation, json)
  if (!success) return []
  const { url, title, startIndex, endIndex } = output.urlCitation
  return [{ url, title, start: startIndex, end: endIndex }]
}

/** One annotation for each passage and source, and one for each source without passages. */
function grounding(json: unknown): readonly Annotation[] {
  const { success, output } = v.safeParse(GroundingMetadata, json)
  if (!success) return []
  const passagesOf = passagesByChunk(output.groundingSupports ?? [])
  return output.groundingChunks.flatMap((chunk, index) => {
    if (chunk === undefined) return []
    const source = { url: chunk.web.uri, title: chunk.web.title }
    const passages = passagesOf.get(index)
    if (!passages) return [{ ...source, start: undefined, end: undefined }]
    return passages.map((segment) => ({
      ...source,
      // Gemini omits a start index of zero.
      start: segment && (segment.startIndex ?? 0),
      end: segment?.endIndex,
    }))
  })
}

type Support = NonNullable<v.InferOutput<typeof GroundingMetadata>['groundingSupports']>[number]

/** The passages that cite each source, by the index of the source. */
function passagesByChunk(supports: readonly Support[]): ReadonlyMap<number, Support['segment'][]> {
  const passages = new Map<number, Support['segment'][]>()
  for (const { segment, groundingChunkIndices } of supports) {
    for (const index of new Set(groundingChunkIndices)) {
      const known = passages.get(index)
      if (known) known.push(segment)
      else passages.set(index, [segment])
    }
  }
  return passages
}
