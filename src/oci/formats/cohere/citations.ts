import * as v from 'valibot'
import type { Annotation } from '../../../chat/model.ts'
import { asList } from '../../json.ts'
import { Citation, CitedDocument } from './wire.ts'

/** The sources of the text's passages; a document with an address is cited by the address. */
export function decodeCitations(citations: unknown, documents: unknown): readonly Annotation[] {
  const cited = asList(citations)
  if (cited.length === 0) return []
  const known = new Map(
    asList(documents).flatMap((json, index) => {
      const { success, output } = v.safeParse(CitedDocument, json)
      // OCI numbers documents without an id.
      return success ? [[output.id ?? `doc_${index}`, output] as const] : []
    }),
  )
  return cited.flatMap((json): readonly Annotation[] => {
    const { success, output } = v.safeParse(Citation, json)
    if (!success) return []
    const { start, end, documentIds = [] } = output
    const ids = documentIds.length > 0 ? documentIds : [undefined]
    return ids.map((source): Annotation => {
      const document = source === undefined ? undefined : known.get(source)
      return { url: document?.url, title: document?.title, source, start, end }
    })
  })
}
