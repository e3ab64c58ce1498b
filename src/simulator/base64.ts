/** Text as base64url of its UTF-8 bytes, without padding. */
export function encodeBase64Url(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte))
  return btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The text behind base64url; `undefined` when it is not that. */
export function decodeBase64Url(encoded: string): string | undefined {
  if (!/^[\w-]*=*$/.test(encoded) || encoded.replaceAll('=', '').length % 4 === 1) return undefined
  const binary = atob(encoded.replaceAll('=', '').replaceAll('-', '+').replaceAll('_', '/'))
  return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
}
