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

/**
 * Returns the URL with a registered media type, `image/jpeg` instead of `image/jpg`, in lower case as
 * models expect it.
 */
export function withRegisteredType(url: string): string {
  const read = readDataUrl(url)
  if (!read) return url
  const type = REGISTERED_TYPES.get(read.mediaType)
  const head = url.slice(0, url.indexOf(','))
  if (type === undefined && head === head.toLowerCase()) return url
  const [, ...parameters] = head.split(';')
  const kept = parameters.map((each) => each.toLowerCase() === 'base64' ? 'base64' : each)
  return `${SCHEME}${[type ?? read.mediaType, ...kept].join(';')},${read.data}`
}

/** Whether a data URL has base64 that every model can decode: the standard alphabet, unbroken. */
export function isDecodable(url: string): boolean {
  const read = readDataUrl(url)
  return read !== undefined && read.isBase64 && BASE64.test(read.data)
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
