/** Bytes in the form that Web Crypto accepts. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Encodes bytes as base64 without line breaks. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** Decodes base64 without line breaks; `undefined` for any other text. */
export function fromBase64(text: string): Bytes | undefined {
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** Encodes bytes as base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Decodes base64url, padded or not; `undefined` for any other text and for an empty one. */
export function fromBase64Url(encoded: string): Bytes | undefined {
  if (!/^[\w-]*=*$/.test(encoded)) return undefined
  const base64 = encoded.replaceAll('=', '').replaceAll('-', '+').replaceAll('_', '/')
  return fromBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='))
}

/** Encodes a text's UTF-8 bytes as base64url without padding. */
export function encodeBase64Url(text: string): string {
  return toBase64Url(new TextEncoder().encode(text))
}

/** Decodes base64url to UTF-8 text; `undefined` for any other text. */
export function decodeBase64Url(encoded: string): string | undefined {
  if (encoded === '') return ''
  const bytes = fromBase64Url(encoded)
  return bytes && new TextDecoder().decode(bytes)
}
