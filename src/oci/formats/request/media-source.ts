import type { MediaPart } from '../../../chat/model.ts'
import { readDataUrl } from '../../../chat/data-url.ts'
import { isRawBase64, missingPrefix } from '../../../chat/raw-base64.ts'
import { ApiError } from '../../../errors.ts'
import type { InputKind } from '../../models/profiles.ts'

/** Where the content of an image, document, recording or video is: in a data URL or on the web. */
export type MediaSource =
  | { type: 'data'; url: string; mediaType: string; base64: string }
  | { type: 'web'; url: string }

/**
 * Reads the source of a part's content. Throws when the model does not support parts of this type,
 * or the address is neither a data URL nor a web address.
 */
export function readSource(
  part: MediaPart,
  model: string,
  inputs: readonly InputKind[],
  accepted = 'a data URL or a web address',
): MediaSource {
  const { type, url } = part
  if (!inputs.includes(type)) throw unsupportedInput(part, model, inputs)
  const inline = readDataUrl(url)
  if (inline) return { type: 'data', url, mediaType: inline.mediaType, base64: inline.data }
  if (/^https?:/i.test(url)) return { type: 'web', url }
  throw invalidAddress(part, accepted)
}

/** The error of a part whose `url` is neither a data URL nor a web address. */
export function invalidAddress({ type, url, param }: MediaPart, accepted: string): ApiError {
  const message = isRawBase64(url) ? missingPrefix(type) : `The ${type} must be ${accepted}`
  return new ApiError('invalid_request', message, { param })
}

/** The error of a part whose type the model does not support. */
export function unsupportedInput(
  part: MediaPart,
  model: string,
  inputs: readonly InputKind[],
): ApiError {
  return unsupportedMedia(part, model, `send only ${inputs.join(', ')}`)
}

/** The error of a part that the model or its format does not support, with what to do instead. */
export function unsupportedMedia(
  { type, param }: MediaPart,
  model: string,
  advice: string,
): ApiError {
  return new ApiError(
    'unsupported_content',
    `"${model}" does not support this ${type}: ${advice}`,
    {
      param,
    },
  )
}

const EXTENSIONS = new Map([
  ['application/pdf', 'pdf'],
  ['application/json', 'json'],
  ['text/plain', 'txt'],
  ['text/csv', 'csv'],
  ['text/html', 'html'],
  ['text/markdown', 'md'],
])

/** A file name for a document: OpenAI's endpoint recognizes the type of a document by its name. */
export function fileName(mediaType: string): string {
  const extension = EXTENSIONS.get(mediaType)
  return extension === undefined ? 'document' : `document.${extension}`
}
