/** A `data:` URL (RFC 2397): its media type in lower case, and its data as it stands in the URL. */
export interface DataUrl {
  /** Empty where the URL names none. */
  mediaType: string
  isBase64: boolean
  data: string
}

/** Reads a data URL; `undefined` for any other address. Copies none of the data, which may be large. */
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
