/** A red dot, as a PNG file in base64. */
export const PICTURE_BASE64 =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

/** The same file as bytes. */
export const PICTURE = Uint8Array.from(atob(PICTURE_BASE64), (letter) => letter.charCodeAt(0))
