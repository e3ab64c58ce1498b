/** Bytes that Web Crypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Bytes as base64 of one line. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** The bytes of base64 of one line; `undefined` when it is anything else. */
export function fromBase64(text: string): Bytes | undefined {
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** DER in PEM's armour. */
export function toPem(label: string, der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** The DER within PEM's armour; `undefined` when there is none of that label. */
export function fromPem(label: string, pem: string): Bytes | undefined {
  const armour = new RegExp(`^-----BEGIN ${label}-----\\n([^-]*)-----END ${label}-----\\s*$`)
  const [, inside] = armour.exec(pem.replaceAll('\r', '')) ?? []
  return inside === undefined ? undefined : fromBase64(inside.replaceAll('\n', ''))
}
