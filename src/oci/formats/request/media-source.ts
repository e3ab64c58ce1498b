import type { MediaPart } from '../../../chat/model.ts'
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
  const message = isRawBase64(url)
    ? missingPrefix(`The ${type}`)
    : `The ${type} must be ${accepted}`
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

/** A `data:` URL (RFC 2397). */
export interface DataUrl {
  /** In lower case; empty when the URL has none. */
  mediaType: string
  isBase64: boolean
  /** As encoded in the URL. */
  data: string
}

/** Parses a data URL; `undefined` for any other address. The data, which may be large, is not copied. */
export function readDataUrl(url: string): DataUrl | undefined {
  if (url.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return undefined
  const comma = url.indexOf(',')
  if (comma < 0) return undefined
  const head = url.slice(SCHEME.length, comma).toLowerCase()
  const parameters = head.indexOf(';')
  return {
    mediaType: parameters < 0 ? head : head.slice(0, parameters),
    isBase64: head.endsWith(';base64'),
    data: url.slice(comma + 1),
  }
}

const SCHEME = 'data:'

/** Media types that clients write although they are not registered. */
const REGISTERED_TYPES = new Map([['image/jpg', 'image/jpeg'], ['image/pjpeg', 'image/jpeg']])

/** Returns the URL with a registered media type: `image/jpeg` instead of `image/jpg`. */
export function withRegisteredType(url: string): string {
  const type = REGISTERED_TYPES.get(readDataUrl(url)?.mediaType ?? '')
  if (type === undefined) return url
  const end = url.slice(0, url.indexOf(',')).indexOf(';')
  return `${SCHEME}${type}${url.slice(end < 0 ? url.indexOf(',') : end)}`
}

/** Whether a data URL has base64 that every model can decode: the standard alphabet, unbroken. */
export function isDecodable(url: string): boolean {
  const read = readDataUrl(url)
  return read !== undefined && read.isBase64 && BASE64.test(read.data)
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
