import type { Document, MediaPart, Message } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { readDataUrl } from '../request/data-url.ts'

/** A text file that a client sent as a part of a message, as a document with an id to cite it by. */
export interface FileDocument {
  id: string
  text: string
}

/** The files of a conversation as documents, numbered in their order; what is no text is refused. */
export function readFiles(messages: readonly Message[], model: string): readonly FileDocument[] {
  const media = messages.flatMap(({ content }) =>
    content.flatMap((part) => part.type === 'text' ? [] : [part])
  )
  return media.map((part, index) => ({ id: `file_${index}`, text: readFile(part, model) }))
}

/** The text of a file given as a data URL. */
export function readFile(part: MediaPart, model: string): string {
  if (part.type !== 'document') throw refuse(part, model)
  const file = readDataUrl(part.url)
  if (!file || !isTextType(file.mediaType)) throw refuse(part, model)
  try {
    if (!file.isBase64) return decodeURIComponent(file.data)
    const bytes = Uint8Array.from(atob(file.data), (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ApiError('invalid_request', 'Cannot read the file: its data URL is not sound', {
      cause,
      param: part.param,
    })
  }
}

/** A type may be left out of a data URL, and is text then (RFC 2397). */
function isTextType(mediaType: string): boolean {
  if (mediaType === '' || mediaType.startsWith('text/')) return true
  if (!mediaType.startsWith(APPLICATION)) return false
  const syntax = Math.max(APPLICATION.length, mediaType.lastIndexOf('+') + 1)
  return TEXT_SUBTYPES.has(mediaType.slice(syntax))
}

const APPLICATION = 'application/'
/** Of `application/…`, also behind a `+` as in `application/ld+json`. */
const TEXT_SUBTYPES = new Set(['json', 'xml', 'yaml', 'x-yaml', 'javascript', 'toml'])

function refuse({ type, param }: MediaPart, model: string): ApiError {
  const thing = type === 'document' ? 'file' : type
  return new ApiError(
    'unsupported_content',
    `Cannot send the ${thing} to "${model}": it takes text, and files of text by data URL`,
    { param },
  )
}

/** What the client gave apart from the messages, and then its files; `undefined` for none. */
export function allDocuments(
  given: readonly Document[] | undefined,
  files: readonly FileDocument[],
): readonly Document[] | undefined {
  const all = [...given ?? [], ...files.map((file): Document => ({ ...file }))]
  return all.length > 0 ? all : undefined
}
