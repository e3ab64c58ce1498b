/** Bytes that a response counts: at most two for each UTF-16 unit. */
export function responseSize(content: string): number {
  return content.length * 2
}
