type Bytes = Uint8Array<ArrayBuffer>

/** Rewrites complete server-sent events of a relayed stream. */
export interface EventRewriter {
  /** Whether an event with this data is kept without parsing it. */
  isPlain?(data: string): boolean
  /** Returns the same value to keep an event, another one to replace its data, `undefined` to drop it. */
  rewrite(json: unknown): unknown
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/**
 * Rewrites the data of events. Comments and `[DONE]` are kept, data that is not JSON is dropped.
 * Returns the same bytes if nothing changes.
 */
export function rewriteEvents(bytes: Bytes, rewriter: EventRewriter): Bytes {
  const text = decoder.decode(bytes)
  if (isPlainEvent(text, rewriter)) return bytes
  const written = eventsOf(text).map((lines) => rewriteEvent(lines, rewriter)).join('')
  return written === text ? bytes : encoder.encode(written)
}

/** Whether the text is one event of one plain line. Nearly all chunks of a chat are. */
function isPlainEvent(text: string, { isPlain }: EventRewriter): boolean {
  return isPlain !== undefined && text.startsWith('data: ') &&
    text.indexOf('\n') === text.length - 2 && text.endsWith('\n') &&
    isPlain(text.slice('data: '.length, -2))
}

/** A line with its line ending. */
const LINE = /[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g

/** The lines of each event, with the blank line that ends it. */
function eventsOf(text: string): string[][] {
  const events: string[][] = [[]]
  for (const [line] of text.matchAll(LINE)) {
    events.at(-1)?.push(line)
    if (line.trimEnd() === '') events.push([])
  }
  return events
}

function rewriteEvent(lines: readonly string[], { isPlain, rewrite }: EventRewriter): string {
  const written = lines.join('')
  const data = lines.filter((line) => line.startsWith('data:'))
  const [first] = data
  const text = data.map((line) => line.slice('data:'.length).trim()).join('\n')
  if (first === undefined || text === '[DONE]' || isPlain?.(text)) return written
  const json = parseJson(text)
  const rewritten = json === undefined ? undefined : rewrite(json)
  if (rewritten === json && json !== undefined) return written
  const ending = first.slice(first.trimEnd().length)
  const line = rewritten === undefined ? '' : `data: ${JSON.stringify(rewritten)}${ending}`
  return lines.map((other) => other === first ? line : other.startsWith('data:') ? '' : other)
    .join('')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
