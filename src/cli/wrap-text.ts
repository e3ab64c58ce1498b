import type { TextOutput } from './host.ts'

/** The narrowest column of text: below it, one word on each line would be harder to read. */
const MIN_WIDTH = 20

/**
 * Wraps a text at spaces to the width of a terminal; elsewhere, and in a very narrow one, it stays one
 * line.
 * @param indent the columns before each line
 */
export function wrapForTerminal(
  text: string,
  indent: number,
  { isTerminal, columns }: Pick<TextOutput, 'isTerminal' | 'columns'>,
): readonly string[] {
  const width = columns - indent
  if (!isTerminal || width < MIN_WIDTH) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
