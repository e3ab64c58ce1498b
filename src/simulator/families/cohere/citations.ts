import { textOfResult } from './prompt.ts'
import type { CohereChatRequest } from './request.ts'

/** Something an answer may lean on. */
export interface Source {
  id: string
  /** What it says, where that is known. */
  text: string | undefined
}

/** A part of an answer, and the source it leans on. */
export interface Cited {
  start: number
  end: number
  text: string
  source: Source
}

/** Finds where an answer leans on its sources: their words in it, else its last word. */
export function findCited(text: string, sources: readonly Source[]): readonly Cited[] {
  if (text === '') return []
  return sources.map((source) => {
    const found = source.text ? text.indexOf(source.text) : -1
    const start = found < 0 ? text.search(/\S+\s*$/) : found
    const end = found < 0 ? text.length : found + (source.text ?? '').length
    return { start, end, text: text.slice(start, end), source }
  })
}

/** Citations of the first version; those of tools were seen without ids. */
export function citationsOf(
  text: string,
  sources: readonly Source[],
  areNameless: boolean,
): readonly object[] {
  return findCited(text, sources).map(({ start, end, text, source }) => ({
    start,
    end,
    text,
    ...(areNameless ? {} : { documentIds: [source.id] }),
  }))
}

/** The documents and tool results of a request. */
export function readSources(request: CohereChatRequest): readonly Source[] {
  const { documents = [], toolResults = [] } = request
  const given = documents.map(readDocument)
  const found = toolResults.map((result, at): Source => ({
    id: `${result.call.name}:${at}:0`,
    text: textOfResult(result),
  }))
  return [...given, ...found]
}

/** A document, by its own id if it has one. */
export function readDocument(document: unknown, at: number): Source {
  const hasId = typeof document === 'object' && document !== null && 'id' in document
  return { id: hasId ? String(document.id) : `doc_${at}`, text: undefined }
}
