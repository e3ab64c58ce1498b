const QUOTE = 0x22
const BACKSLASH = 0x5c
/** Characters below are invalid in strings. */
const SPACE = 0x20

/** Limits that keep Momoa's recursion and memory small; a configuration is far below them. */
const MAX_DEPTH = 64
const MAX_VALUES = 50_000

const LINE_END = /[\r\n]|$/g

export type BlankedText =
  | { type: 'blanked'; json: string }
  | { type: 'invalid'; offset: number; message: string }

/**
 * Replaces the comments of JSON by spaces, which keeps all positions. Momoa's own support of comments
 * recurses for each of them, and it accepts line breaks in strings, so that a missing quote would be
 * reported in a later line.
 */
export function blankComments(text: string): BlankedText {
  const parts: string[] = []
  let copied = 0
  let depth = 0
  let values = 1
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"': {
        const end = endOfString(text, at)
        if (end === undefined) return invalid(at, 'the string does not end in its line')
        at = end
        break
      }
      case '/': {
        const end = endOfComment(text, at)
        if (end === undefined) return invalid(at, 'the comment does not end')
        parts.push(text.slice(copied, at), blank(text.slice(at, end)))
        copied = end
        at = Math.max(at, end - 1)
        break
      }
      case '{':
      case '[':
        depth++
        values++
        break
      case '}':
      case ']':
        depth--
        break
      case ',':
        values++
    }
    if (depth > MAX_DEPTH) return invalid(at, `more than ${MAX_DEPTH} levels`)
    if (values > MAX_VALUES) return invalid(at, `more than ${MAX_VALUES} values`)
  }
  return { type: 'blanked', json: parts.join('') + text.slice(copied) }
}

/** The position of the closing quote; `undefined` if the string contains a control character. */
function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    if (code < SPACE) return undefined
    if (code === BACKSLASH) at++
  }
  return undefined
}

/** The position behind a comment; `start` if none starts there. */
function endOfComment(text: string, start: number): number | undefined {
  if (text.startsWith('//', start)) {
    LINE_END.lastIndex = start
    return LINE_END.exec(text)?.index
  }
  if (!text.startsWith('/*', start)) return start
  const end = text.indexOf('*/', start + 2)
  return end < 0 ? undefined : end + 2
}

function blank(comment: string): string {
  return comment.replace(/[^\r\n]/g, ' ')
}

function invalid(offset: number, message: string): BlankedText {
  return { type: 'invalid', offset, message }
}
