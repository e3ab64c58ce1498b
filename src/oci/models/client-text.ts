import type { ChatRequest, Message } from '../../chat/model.ts'

/** Characters of an error text that are interpreted. */
const MAX_TEXT = 2_000
/** Words in a row that are compared with a client's names and texts. */
const MAX_RUN = 12
/** Words in quotes from which on the words of longer texts are compared, too. */
const MIN_QUOTED_WORDS = 3
/** Characters of a client's texts whose single words are compared. */
const MAX_COMPARED = 1_000_000

/** Words that say what a refusal is about: a client's name that is one of them does not hide it. */
const PLAIN_WORDS = new Set([
  ...['type', 'format', 'system', 'developer', 'message', 'messages', 'tool', 'tools', 'function'],
  ...['functions', 'call', 'calls', 'role', 'prompt', 'request', 'response', 'model', 'mode'],
  ...['json', 'schema', 'parallel', 'value', 'values', 'not', 'is', 'are', 'supported', 'use'],
])

const WORD = /[\p{L}\p{N}_.$-]+/gu
const QUOTED = /'[^'\n]*'|"[^"\n]*"|`[^`\n]*`|‘[^’\n]*’|“[^”\n]*”/g

/**
 * The beginning of an error text without what it quotes of the request: names and texts that the
 * client chose, and quotations made of the client's words. What is left are the words of OCI and of
 * the vendors, which alone may teach something about a model. Linear in both.
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

/** Which of the `wanted` texts and words the client has chosen. */
function findTexts(clientTexts: Iterable<string>, wanted: Texts): Texts {
  const found = { texts: new Set<string>(), words: new Set<string>() }
  let compared = 0
  for (const clientText of clientTexts) {
    const whole = clientText.length <= MAX_TEXT ? clientText.trim() : ''
    if (whole !== '' && wanted.texts.has(whole)) found.texts.add(whole)
    compared += clientText.length
    if (wanted.words.size === 0 || compared > MAX_COMPARED) continue
    for (const word of wordsOf(clientText)) if (wanted.words.has(word)) found.words.add(word)
  }
  // Of a longer conversation each word counts as the client's: nothing wrong is learned then.
  return compared > MAX_COMPARED ? { ...found, words: wanted.words } : found
}

function isClients(content: string, { texts, words }: Texts): boolean {
  if (texts.has(content)) return true
  const spoken = wordsOf(content)
  return isLong(spoken) && spoken.every((word) => words.has(word))
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

/** Each run of up to `MAX_RUN` words, as it is written. */
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

/** Removes the client's names where they stand without quotes; the longest first. */
function removeRuns(text: string, texts: ReadonlySet<string>): string {
  const words = [...text.matchAll(WORD)]
  let left = ''
  let end = 0
  for (let at = 0; at < words.length;) {
    const first = words[at]!
    const length = runLength(text, words, at, texts)
    const last = words[at + Math.max(1, length) - 1]!
    if (length > 0) {
      left += `${text.slice(end, first.index)}…`
      end = last.index + last[0].length
    }
    at += Math.max(1, length)
  }
  return left + text.slice(end)
}

/** Of how many words the client's text is that begins at word `at`; 0 where none does. */
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

/** Without the full stop of a sentence. */
function trimDots(word: string): string {
  return word.endsWith('.') ? word.slice(0, -1) : word
}

/** The names and texts that a client chose in a conversation. */
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

/** Members of a schema whose own members are named by the client. */
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions'])
/** Members whose texts are of JSON Schema's own vocabulary. */
const VOCABULARY = new Set(['type', 'format', '$schema'])

/** The names and texts in a JSON Schema, but not its keywords. */
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

/** Every text and every name of a member in any JSON. */
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
