/** Bytes that Web Crypto takes: never on shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Base64 with padding and without line breaks. */
export function encodeBase64(bytes: Uint8Array): string {
  // Spread as arguments, the bytes would take seven times as long (measured).
  return btoa(Reflect.apply(String.fromCharCode, undefined, bytes))
}

/** The bytes of a base64 text, or `undefined` when it is anything else, white space included. */
export function decodeBase64(text: string): Bytes | undefined {
  // `atob` alone would forgive missing padding, which is how a cut key looks.
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** All parts, one after the other. */
export function concatBytes(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  parts.reduce((offset, part) => {
    whole.set(part, offset)
    return offset + part.length
  }, 0)
  return whole
}

/** Lower-case hexadecimal, two characters for each byte. */
export function encodeHex(bytes: Uint8Array, separator = ''): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(separator)
}

/** The bytes of a hexadecimal text, or `undefined` when it is anything else. */
export function decodeHex(text: string): Bytes | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
