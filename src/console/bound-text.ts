/** UTF-16 units of a text that are shown. Laying out more would freeze the page. */
export const MAX_SHOWN = 100_000
/** UTF-16 units up to which a text is formatted. */
export const MAX_FORMATTED = 40_000
/** UTF-16 units of one line: longer lines are cut. */
const MAX_LINE = 4_000

/** A text that can be shown, and what was left out. */
export interface BoundedText {
  shown: string
  notice: string | undefined
}

/** Cuts a text and its lines to a size that a browser lays out at once. */
export function boundText(text: string, max = MAX_SHOWN): BoundedText {
  const cut = text.length > max ? text.slice(0, max) : text
  const lines = cut.length > MAX_LINE ? cut.split('\n') : [cut]
  const longest = lines.reduce((length, line) => Math.max(length, line.length), 0)
  const shown = longest > MAX_LINE ? lines.map(cutLine).join('\n') : cut
  if (shown.length === text.length) return { shown, notice: undefined }
  const count = (length: number) => length.toLocaleString('en-US')
  return {
    shown,
    notice: `Shows ${count(shown.length)} of ${count(text.length)} characters. Copy has them all.`,
  }
}

function cutLine(line: string): string {
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)} …` : line
}
