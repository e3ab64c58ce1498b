import type { ChatRequest, Message } from '../../chat/model.ts'

/** Maximum characters of an error text that are interpreted. */
const MAX_TEXT = 2_000
/** Maximum number of consecutive words that are compared with a client's names and texts. */
const MAX_RUN = 12
/** Minimum number of quoted words that are also searched in longer texts. */
const MIN_QUOTED_WORDS = 3
/** Maximum characters of a client's texts whose words are compared. */
const MAX_COMPARED = 1_000_000

/** Words that describe a rejection. They are kept even if a client uses one as a name. */
const PLAIN_WORDS = new Set([
  ...['type', 'format', 'system', 'developer', 'message', 'messages', 'tool', 'tools', 'function'],
  ...['functions', 'call', 'calls', 'role', 'prompt', 'request', 'response', 'model', 'mode'],
  ...['json', 'schema', 'parallel', 'value', 'values', 'not', 'is', 'are', 'supported', 'use'],
])

const WORD = /[\p{L}\p{N}_.$-]+/gu
const QUOTED = /'[^'\n]*'|"[^"\n]*"|`[^`\n]*`|‘[^’\n]*’|“[^”\n]*”/g

/**
 * Returns the beginning of an error text without names, texts and quotations from the client's
 * request. Quirks may only be inferred from the rest, which OCI or the vendor wrote. Takes linear
 * time in both.
 */
export function withoutClientText(text: string, clientTexts: Iterable<string>): string {
  const cut = text.slice(0, MAX_TEXT)
  const spans = (cut.match(QUOTED) ?? []).map(contentOf)
  const found = findTexts(clientTexts, {
    texts: new Set([...runsOf(cut), ...spans]),
    words: new Set(spans.map(wordsOf).filter(isLong).flat()),
  })
  const unquoted = cut.replace(QUOTED, (span) => isClients(contentOf(span), found) ? ' … ' : span)
  return removeRuns(unquoted, found.texts)
}

interface Texts {
  /** Whole names and texts. */
  texts: ReadonlySet<string>
  /** Single words of longer texts. */
  words: ReadonlySet<string>
}

/** Returns the `candidates` that occur in the client's texts. */
function findTexts(clientTexts: Iterable<string>, candidates: Texts): Texts {
  const found = { texts: new Set<string>(), words: new Set<string>() }
  let compared = 0
  for (const clientText of clientTexts) {
    const whole = clientText.length <= MAX_TEXT ? clientText.trim() : ''
    if (whole !== '' && candidates.texts.has(whole)) found.texts.add(whole)
    compared += clientText.length
    if (candidates.words.size === 0 || compared > MAX_COMPARED) continue
    for (const word of wordsOf(clientText)) if (candidates.words.has(word)) found.words.add(word)
  }
  // In a longer conversation every word counts as the client's, so that no wrong quirk is inferred.
  return compared > MAX_COMPARED ? { ...found, words: candidates.words } : found
}

function isClients(content: string, { texts, words }: Texts): boolean {
  if (texts.has(content)) return true
  const quoted = wordsOf(content)
  return isLong(quoted) && quoted.every((word) => words.has(word))
}

function contentOf(span: string): string {
  return span.slice(1, -1).trim()
}

function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map(trimDots)
}

function isLong(words: readonly string[]): boolean {
  return words.length >= MIN_QUOTED_WORDS
}

/** Returns each run of up to `MAX_RUN` words, with the characters between them. */
function runsOf(text: string): Set<string> {
  const words = [...text.matchAll(WORD)]
  const runs = new Set<string>()
  words.forEach((first, at) => {
    for (const last of words.slice(at, at + MAX_RUN)) {
      const run = text.slice(first.index, last.index + last[0].length)
      runs.add(run)
      runs.add(trimDots(run))
    }
  })
  return runs
}

/** Removes unquoted names of the client, the longest first. */
function removeRuns(text: string, texts: ReadonlySet<string>): string {
  const words = [...text.matchAll(WORD)]
  let rest = ''
  let end = 0
  for (let at = 0; at < words.length;) {
    const first = words[at]!
    const length = runLength(text, words, at, texts)
    const last = words[at + Math.max(1, length) - 1]!
    if (length > 0) {
      rest += `${text.slice(end, first.index)}…`
      end = last.index + last[0].length
    }
    at += Math.max(1, length)
  }
  return rest + text.slice(end)
}

/** Returns the number of words of the client's text that starts at word `at`, or 0. */
function runLength(
  text: string,
  words: readonly RegExpExecArray[],
  at: number,
  texts: ReadonlySet<string>,
): number {
  const first = words[at]!
  for (let length = Math.min(MAX_RUN, words.length - at); length > 0; length--) {
    const last = words[at + length - 1]!
    const run = text.slice(first.index, last.index + last[0].length)
    const name = texts.has(run) ? run : trimDots(run)
    if (texts.has(name) && !PLAIN_WORDS.has(name.toLowerCase())) return length
  }
  return 0
}

/** Removes a final full stop. */
function trimDots(word: string): string {
  return word.endsWith('.') ? word.slice(0, -1) : word
}

/** Yields the names and texts of a conversation that the client chose. */
export function* clientTextsOf(request: ChatRequest): Iterable<string> {
  const { messages, tools, metadata, documents, responseFormat, toolChoice } = request
  for (const message of messages) yield* textsOf(message)
  for (const { name, description, parameters } of tools) {
    yield name
    if (description !== undefined) yield description
    yield* schemaTexts(parameters)
  }
  if (responseFormat?.type === 'json-schema') {
    yield responseFormat.name
    if (responseFormat.description !== undefined) yield responseFormat.description
    yield* schemaTexts(responseFormat.schema)
  }
  if (toolChoice?.type === 'function') yield toolChoice.name
  yield* request.stop
  yield request.prediction ?? ''
  yield* jsonTexts([metadata, documents, request.webSearch?.location])
}

function* textsOf(message: Message): Iterable<string> {
  for (const part of message.content) if (part.type === 'text') yield part.text
  if (message.role === 'tool') return yield message.toolCallId
  if (message.name !== undefined) yield message.name
  if (message.role !== 'assistant') return
  yield message.reasoning ?? ''
  yield message.refusal ?? ''
  for (const { id, name, arguments: json } of message.toolCalls) {
    yield id
    yield name
    yield json
  }
}

/** Keywords of a schema whose members have names of the client. */
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions'])
/** Keywords whose texts are defined by JSON Schema. */
const VOCABULARY = new Set(['type', 'format', '$schema'])

/** Yields the names and texts in a JSON Schema, but not its keywords. */
function* schemaTexts(schema: unknown): Iterable<string> {
  const waiting: { value: unknown; areNames: boolean }[] = [{ value: schema, areNames: false }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, areNames } = next
    if (typeof value === 'string') yield value
    if (typeof value !== 'object' || value === null) continue
    for (const [key, member] of Object.entries(value)) {
      const isName = areNames && !Array.isArray(value)
      if (isName) yield key
      if (!isName && VOCABULARY.has(key)) continue
      waiting.push({ value: member, areNames: !isName && NAMED.has(key) })
    }
  }
}

/** Yields all texts and all names of members in JSON. */
export function* jsonTexts(json: unknown): Iterable<string> {
  const waiting = [json]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'string') yield value
    if (typeof value !== 'object' || value === null) continue
    for (const [key, member] of Object.entries(value)) {
      if (!Array.isArray(value)) yield key
      waiting.push(member)
    }
  }
}
