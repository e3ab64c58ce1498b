/** Writes a text as a literal of JavaScript in single quotes: `'it\'s'`. */
export function jsText(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escaped}'`
}

/** Writes a text as a literal of Python in double quotes, in which JSON's escapes mean the same. */
export function pythonText(text: string): string {
  return JSON.stringify(text)
}
