/** How PNG, JPEG, GIF, WebP or WAV, and PDF begin in base64. */
const MAGIC = /^(?:iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|JVBERi)/

/** Long enough that a word or a name of a file is not mistaken for data. */
const LONG = /^[A-Za-z0-9+/]{64}/

/** Whether a text in place of a URL is the data itself, without the prefix of a data URL. */
export function isRawBase64(text: string): boolean {
  return MAGIC.test(text) || LONG.test(text)
}

/** The message of an error for such a text in place of an image or a file. */
export function missingPrefix(type: keyof typeof EXAMPLES): string {
  return `The ${type} is base64 without its prefix. Send a data URL such as ` +
    `"data:${EXAMPLES[type]};base64,…"`
}

const EXAMPLES = {
  image: 'image/png',
  document: 'application/pdf',
  audio: 'audio/wav',
  video: 'video/mp4',
}
