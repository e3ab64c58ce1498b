import { textOfResult } from './prompt.ts'
import type { CohereChatRequest } from './request.ts'

/** A document or a tool result that an answer may cite. */
export interface Source {
  id: string
  /** The text to find in the answer, if known. */
  text: string | undefined
}

/** A part of an answer and the cited source. */
export interface CitedSpan {
  start: number
  end: number
  text: string
  source: Source
}

/** Finds the cited spans of an answer: the source's text, else the last word. */
export function findCitedSpans(text: string, sources: readonly Source[]): readonly CitedSpan[] {
  if (text === '') return []
  return sources.map((source) => {
    const found = source.text ? text.indexOf(source.text) : -1
    const start = found < 0 ? text.search(/\S+\s*$/) : found
    const end = found < 0 ? text.length : found + (source.text ?? '').length
    return { start, end, text: text.slice(start, end), source }
  })
}

/** Encodes citations in the format COHERE. Citations of tools may lack document ids. */
export function citationsOf(
  text: string,
  sources: readonly Source[],
  omitsIds: boolean,
): readonly object[] {
  return findCitedSpans(text, sources).map(({ start, end, text, source }) => ({
    start,
    end,
    text,
    ...(omitsIds ? {} : { documentIds: [source.id] }),
  }))
}

/** The documents and tool results of a request. */
export function readSources(request: CohereChatRequest): readonly Source[] {
  const { documents = [], toolResults = [] } = request
  const fromDocuments = documents.map(readDocument)
  const fromTools = toolResults.map((result, at): Source => ({
    id: `${result.call.name}:${at}:0`,
    text: textOfResult(result),
  }))
  return [...fromDocuments, ...fromTools]
}

/** A document as a source, with its own id if it has one. */
export function readDocument(document: unknown, at: number): Source {
  const hasId = typeof document === 'object' && document !== null && 'id' in document
  return { id: hasId ? String(document.id) : `doc_${at}`, text: undefined }
}
