/** A number, a literal or a punctuation mark of JSON, or the start of a string. */
const TOKEN = /[ \t\r\n]*("|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:])/y
/** Characters of a string that stand for themselves. One expression for whole strings is slow on Bun. */
const PLAIN = /[ !#-[\]-\uffff]+/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

type Expected = 'key' | 'key or end' | 'colon' | 'value' | 'value or end' | 'comma or end'

interface Scan {
  expected: Expected
  /** The open brackets, each with its current key. */
  open: { end: '}' | ']'; key: string }[]
}

/** The line of a key in valid JSON, counted from 1; `undefined` if the key does not exist. */
export function lineOfKey(json: string, path: readonly string[]): number | undefined {
  let line: number | undefined
  scan(json, (found, at) => {
    // JSON.parse() uses the last one of repeated keys.
    if (found.join('\n') === path.join('\n')) line = lineAt(json, at)
  })
  return line
}

/** The line of the first syntax error in invalid JSON, counted from 1. */
export function lineOfSyntaxError(json: string): number {
  return lineAt(json, scan(json, () => {}))
}

/** Reads tokens up to the first invalid one, and returns its position. */
function scan(json: string, onKey: (path: readonly string[], at: number) => void): number {
  const state: Scan = { expected: 'value', open: [] }
  let end = 0
  for (;;) {
    const token = readToken(json, end)
    const isKey = state.expected.startsWith('key')
    if (token === undefined || !accept(state, token.text)) return skipBlanks(json, end)
    end = token.end
    if (isKey && token.text.startsWith('"')) {
      onKey(state.open.map(({ key }) => key), end - token.text.length)
    }
  }
}

interface Token {
  text: string
  /** The position behind it. */
  end: number
}

function readToken(json: string, from: number): Token | undefined {
  TOKEN.lastIndex = from
  const [, text] = TOKEN.exec(json) ?? []
  if (text === undefined) return undefined
  if (text !== '"') return { text, end: TOKEN.lastIndex }
  const start = TOKEN.lastIndex - 1
  const end = endOfString(json, TOKEN.lastIndex)
  return end === undefined ? undefined : { text: json.slice(start, end), end }
}

/** The position behind the closing quote of a string whose content starts at `from`. */
function endOfString(json: string, from: number): number | undefined {
  for (let at = from;;) {
    if (json[at] === '"') return at + 1
    const part = json[at] === '\\' ? ESCAPE : PLAIN
    part.lastIndex = at
    if (!part.test(json)) return undefined
    at = part.lastIndex
  }
}

function accept(state: Scan, token: string): boolean {
  const { expected, open } = state
  const top = open.at(-1)
  switch (token) {
    case '{':
    case '[':
      if (!expected.startsWith('value')) return false
      open.push({ end: token === '{' ? '}' : ']', key: '' })
      state.expected = token === '{' ? 'key or end' : 'value or end'
      return true
    case '}':
    case ']':
      if (top?.end !== token || !expected.endsWith('or end')) return false
      open.pop()
      state.expected = 'comma or end'
      return true
    case ',':
      if (top === undefined || expected !== 'comma or end') return false
      state.expected = top.end === '}' ? 'key' : 'value'
      return true
    case ':':
      if (expected !== 'colon') return false
      state.expected = 'value'
      return true
  }
  return acceptScalar(state, token)
}

function acceptScalar(state: Scan, token: string): boolean {
  const top = state.open.at(-1)
  if (state.expected.startsWith('value')) {
    state.expected = 'comma or end'
    return true
  }
  if (!state.expected.startsWith('key') || top === undefined || !token.startsWith('"')) return false
  top.key = JSON.parse(token)
  state.expected = 'colon'
  return true
}

function skipBlanks(json: string, at: number): number {
  return at + (/^[ \t\r\n]*/.exec(json.slice(at))?.[0].length ?? 0)
}

/** Ignores empty lines at the end, so that an error at the end is in the last line with content. */
function lineAt(json: string, at: number): number {
  const before = json.slice(0, at)
  return (at < json.length ? before : before.trimEnd()).split('\n').length
}
