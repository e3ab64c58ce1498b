import * as v from 'valibot'
import type { Annotation } from '../../../chat/model.ts'
import { asList, asObject, lenient, Numeric } from '../../json.ts'

const Citation = v.object({
  url: v.string(),
  title: lenient(v.string()),
  start_index: lenient(Numeric),
  end_index: lenient(Numeric),
})

/**
 * Decodes the citations of a text, nested under `url_citation` (chat completions) or flat (Responses).
 * The text begins at `offset` of the complete text.
 */
export function decodeOpenAiAnnotations(json: unknown, offset = 0): readonly Annotation[] {
  return asList(json).flatMap((element): readonly Annotation[] => {
    const outer: { url_citation?: unknown } = asObject(element)
    const { success, output } = v.safeParse(Citation, outer.url_citation ?? outer)
    if (!success) return []
    const { url, title, start_index: start, end_index: end } = output
    return [{ url, title, start: shift(start, offset), end: shift(end, offset) }]
  })
}

function shift(position: number | undefined, by: number): number | undefined {
  return position === undefined ? undefined : position + by
}
