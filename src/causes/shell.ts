/** Quotes a text for a POSIX shell, if it needs quotes. */
export function quoteForShell(text: string): string {
  return /^[\w./~:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** The command that opens a file at a line in the user's editor. */
export function editCommand(path: string, line?: number): string {
  const position = line === undefined ? '' : `+${line} `
  return `"\${EDITOR:-vi}" ${position}${quoteForShell(path)}`
}

/** The command that sets a variable: `export PORT=8051`. */
export function exportCommand(name: string, value: string): string {
  return `export ${name}=${quoteForShell(value)}`
}
