import type { Document, MediaPart, Message } from '../../../chat/model.ts'
import { readDataUrl } from '../../../chat/data-url.ts'
import { ApiError } from '../../../errors.ts'

/** A text file of a message, as a document with an id for citations. */
export interface FileDocument {
  id: string
  text: string
}

/** Reads the files of a conversation as documents, numbered in order. Throws for other media. */
export function readFiles(messages: readonly Message[], model: string): readonly FileDocument[] {
  const media = messages.flatMap(({ content }) =>
    content.flatMap((part) => part.type === 'text' ? [] : [part])
  )
  return media.map((part, index) => ({ id: `file_${index}`, text: readFile(part, model) }))
}

/** Reads the text of a file in a data URL. Throws when it is not a text file. */
export function readFile(part: MediaPart, model: string): string {
  if (part.type !== 'document') throw unsupported(part, model)
  const file = readDataUrl(part.url)
  if (!file || !isTextType(file.mediaType)) throw unsupported(part, model)
  try {
    if (!file.isBase64) return decodeURIComponent(file.data)
    const bytes = Uint8Array.from(atob(file.data), (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ApiError(
      'invalid_request',
      'The data URL of the file is not valid: send UTF-8 text, plain or base64',
      {
        cause,
        param: part.param,
      },
    )
  }
}

/** A data URL without a media type contains text (RFC 2397). */
function isTextType(mediaType: string): boolean {
  if (mediaType === '' || mediaType.startsWith('text/')) return true
  if (!mediaType.startsWith(APPLICATION)) return false
  const syntax = Math.max(APPLICATION.length, mediaType.lastIndexOf('+') + 1)
  return TEXT_SUBTYPES.has(mediaType.slice(syntax))
}

const APPLICATION = 'application/'
/** Subtypes of `application/`, also after a `+` as in `application/ld+json`. */
const TEXT_SUBTYPES = new Set(['json', 'xml', 'yaml', 'x-yaml', 'javascript', 'toml'])

function unsupported({ type, param }: MediaPart, model: string): ApiError {
  const thing = type === 'document' ? 'file' : type
  return new ApiError(
    'unsupported_content',
    `"${model}" does not support this ${thing}: send text, or text files as data URLs`,
    { param },
  )
}

/** The documents of the request followed by the files of its messages; `undefined` for none. */
export function allDocuments(
  documents: readonly Document[] | undefined,
  files: readonly FileDocument[],
): readonly Document[] | undefined {
  const all = [...documents ?? [], ...files.map((file): Document => ({ ...file }))]
  return all.length > 0 ? all : undefined
}
