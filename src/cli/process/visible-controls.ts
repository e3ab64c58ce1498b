const ESCAPE = '\x1b'

/** What the commands write themselves: styles, and the spinner's line; and each other control. */
const CONTROLS = new RegExp(
  `${ESCAPE}\\[[0-9;]*m|\\r${ESCAPE}\\[K|\\r\\n|[^\\P{Cc}\\n\\t]`,
  'gu',
)

/**
 * Replaces control characters by visible ones for a terminal. Texts of files, models and servers
 * could otherwise change its title or clipboard, or hide a part of the output.
 */
export function withVisibleControls(text: string): string {
  return text.replace(CONTROLS, (found) => found.length > 1 ? found : pictureOf(found))
}

/** Unicode has pictures for the controls of ASCII. */
function pictureOf(control: string): string {
  const code = control.charCodeAt(0)
  if (code === 0x7f) return '\u2421'
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd'
}
