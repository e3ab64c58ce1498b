import { findCitedSpans, readDocument } from '../cohere/citations.ts'
import { textOfMessage, trailingResults } from './prompt.ts'
import type { Cohere2ChatRequest } from './request.ts'

/** Encodes citations in the format COHEREV2, with their complete sources. */
export function citationsOf(text: string, request: Cohere2ChatRequest): readonly object[] {
  if (request.citationOptions?.mode === 'OFF') return []
  const documents = documentsOf(request)
  const results = trailingResults(request.messages)
  const sources = [
    ...documents.map(readDocument),
    ...results.map((message) => ({ id: message.toolCallId ?? '', text: textOfMessage(message) })),
  ]
  return findCitedSpans(text, sources).map(({ start, end, text, source }, at) => ({
    ...{ start, end, text, contentIndex: 0, type: 'TEXT_CONTENT' },
    sources: [
      at < documents.length
        ? { type: 'DOCUMENT', document: { id: source.id, document: documents[at] } }
        : { type: 'TOOL', tool: { id: source.id, toolOutput: { output: source.text } } },
    ],
  }))
}

function documentsOf({ documents = [], messages }: Cohere2ChatRequest): readonly unknown[] {
  const content = messages.findLast(({ role }) => role === 'USER')?.content ?? []
  return [
    ...documents,
    ...content.flatMap(({ document }) => document === undefined ? [] : [document]),
  ]
}
