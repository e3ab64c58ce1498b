const ESCAPE = '\x1b'
const ERASE_LINE = `\r${ESCAPE}[K`

/** Control characters, each with the rest of a style or of the erased line of the spinner. */
const CONTROLS = /[^\P{Cc}\n\t]\[[0-9;]*m|\r[^\P{Cc}\n\t]\[K|\r\n|[^\P{Cc}\n\t]/gu

/**
 * Replaces control characters by visible ones for a terminal, except those that the commands write.
 * Texts of files, models and servers could otherwise change its title or clipboard, or hide a part
 * of the output.
 */
export function withVisibleControls(text: string): string {
  return text.replace(CONTROLS, (found) => {
    const isStyle = found.length > 1 && found.startsWith(ESCAPE)
    if (isStyle || found === ERASE_LINE || found === '\r\n') return found
    return found.replace(/\p{Cc}/gu, pictureOf)
  })
}

/** Unicode has pictures for the controls of ASCII. */
function pictureOf(control: string): string {
  const code = control.charCodeAt(0)
  if (code === 0x7f) return '\u2421'
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd'
}
