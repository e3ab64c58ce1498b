import type { MediaPart } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { readDataUrl } from './data-url.ts'
import type { InputKind } from '../../models/profiles.ts'

/** Where a picture, document or recording is: in a data URL, or somewhere on the web. */
export type MediaSource =
  | { type: 'data'; url: string; mediaType: string; base64: string }
  | { type: 'web'; url: string }

/** Finds out where a part's content is. What the model does not take, or nobody can find, is refused. */
export function readSource(
  part: MediaPart,
  model: string,
  inputs: readonly InputKind[],
): MediaSource {
  const { type, url, param } = part
  if (!inputs.includes(type)) throw unsupported(part, model, `it takes ${inputs.join(', ')}`)
  const inline = readDataUrl(url)
  if (inline) return { type: 'data', url, mediaType: inline.mediaType, base64: inline.data }
  if (/^https?:/i.test(url)) return { type: 'web', url }
  throw new ApiError(
    'invalid_request',
    `Cannot send the ${type}: send a data URL or a web address`,
    { param },
  )
}

/** The error of a part that cannot be sent to a model, and why. */
export function unsupported(
  { type, param }: MediaPart,
  model: string,
  reason: string,
): ApiError {
  return new ApiError('unsupported_content', `Cannot send the ${type} to "${model}": ${reason}`, {
    param,
  })
}

const EXTENSIONS = new Map([
  ['application/pdf', 'pdf'],
  ['application/json', 'json'],
  ['text/plain', 'txt'],
  ['text/csv', 'csv'],
  ['text/html', 'html'],
  ['text/markdown', 'md'],
])

/** A name for a document that has none: OpenAI's endpoint tells kinds of documents by their names. */
export function fileName(mediaType: string): string {
  const extension = EXTENSIONS.get(mediaType)
  return extension === undefined ? 'document' : `document.${extension}`
}
