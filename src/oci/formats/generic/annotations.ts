import * as v from 'valibot'
import type { Annotation } from '../../../chat/model.ts'
import { asList } from '../../json.ts'
import { messageOf } from './message-of.ts'
import { GroundingMetadata, UrlCitation, type WireChoice } from './wire.ts'

/** The sources a choice names: OpenAI's citations and Gemini's grounding alike. */
export function decodeAnnotations(choice: WireChoice): readonly Annotation[] {
  const { annotations } = messageOf(choice)
  const cited = annotations ? asList(annotations).flatMap(citation) : []
  return choice.groundingMetadata ? [...cited, ...grounding(choice.groundingMetadata)] : cited
}

function citation(json: unknown): readonly Annotation[] {
  const { success, output } = v.safeParse(UrlCitation, json)
  if (!success) return []
  const { url, title, startIndex, endIndex } = output.urlCitation
  return [{ url, title, start: startIndex, end: endIndex }]
}

/** One annotation for each passage and source; a source that no passage rests on stands alone. */
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
      // A segment at the very beginning may come without its zero.
      start: segment && (segment.startIndex ?? 0),
      end: segment?.endIndex,
    }))
  })
}

type Support = NonNullable<v.InferOutput<typeof GroundingMetadata>['groundingSupports']>[number]

/** The passages that rest on each source, by the source's place. */
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
