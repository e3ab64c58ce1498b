/** A text as models write what is not enum: a few characters at a time. */
export function piecesOf(text: string): readonly string[] {
  return text.match(/[^]{1,9}/gu) ?? []
}
