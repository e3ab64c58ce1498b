import type { Document, MediaPart, Message } from '../../chat/model.ts'
import { ApiError } from '../../errors.ts'

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
  const [isDataUrl, type = '', base64, data = ''] = DATA_URL.exec(part.url) ?? []
  if (isDataUrl === undefined || !TEXT_TYPE.test(type)) throw refuse(part, model)
  try {
    if (base64 === undefined) return decodeURIComponent(data)
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ApiError('invalid_request', 'Cannot read the file: its data URL is not sound', {
      cause,
      param: part.param,
    })
  }
}

const DATA_URL = /^data:([^,;]*)(?:;(?!base64,)[^,;]*)*(;base64)?,([^]*)$/i
/** A type may be left out of a data URL, and is text then (RFC 2397). */
const TEXT_TYPE = /^(text\/.*|application\/(.*\+)?(json|xml|yaml|x-yaml|javascript|toml)|)$/i

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
