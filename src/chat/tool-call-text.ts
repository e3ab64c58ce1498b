import type { ChatEvent, ChatEventBatches } from './events.ts'
import type { ChatReply, Choice, ToolCall } from './model.ts'

/** The tags that some imported models write into their text instead of a tool call. */
const TAGS: readonly Tag[] = [
  { open: '<tool_call>', close: '</tool_call>' },
  { open: '<tool_calling>', close: '</tool_calling>' },
]
/** The beginning of all open tags. */
const OPEN_PREFIX = '<tool_call'
/** Each beginning of an open tag, except for a whole one, is a beginning of this one. */
const LONGEST_OPEN = '<tool_calling>'

interface Tag {
  open: string
  close: string
}

/**
 * Maximum tagged blocks that are parsed in one text; the rest stays text. Parsing hundreds of
 * thousands of them, each with an exception, would block other requests for seconds.
 */
const MAX_BLOCKS = 1_000

interface Options {
  /** Returns 24 letters and digits, for the ids of the calls. */
  randomId(): string
}

/** Extracts tool calls from the text of a stream. Text is held back only while it may become a tag. */
export async function* extractToolCalls(
  batches: ChatEventBatches,
  options: Options,
): ChatEventBatches {
  const extractors = new Map<number, Extractor>()
  for await (const batch of batches) {
    yield batch.flatMap((event) => {
      if (event.type === 'usage' || event.type === 'service-tier') return [event]
      const extractor = extractors.get(event.choice) ?? new Extractor(event.choice, options)
      extractors.set(event.choice, extractor)
      return extractor.add(event)
    })
  }
}

/** Extracts tool calls from the text of a whole reply. */
export function extractFromReply(reply: ChatReply, options: Options): ChatReply {
  return { ...reply, choices: reply.choices.map((choice) => extractFromChoice(choice, options)) }
}

function extractFromChoice(choice: Choice, options: Options): Choice {
  const pieces = splitText(choice.text)
  const calls = pieces.flatMap((piece): ToolCall[] =>
    typeof piece === 'string' ? [] : [{ id: `call${options.randomId()}`, ...piece }]
  )
  if (calls.length === 0) return choice
  return {
    ...choice,
    text: pieces.filter((piece) => typeof piece === 'string').join(''),
    toolCalls: [...choice.toolCalls, ...calls],
    finishReason: choice.finishReason === 'stop' ? 'tool-calls' : choice.finishReason,
  }
}

type WrittenCall = Omit<ToolCall, 'id'>

/** Splits a text into plain text and calls. A block that is not a valid call stays text. */
function splitText(text: string): (string | WrittenCall)[] {
  const splitter = new TextSplitter()
  return [...splitter.push(text), splitter.end()]
}

/**
 * Splits a streamed text into plain text and calls. Each character is searched once, however small
 * the pieces are: only a tail that may be the start of a tag is searched again.
 */
class TextSplitter {
  #tag: Tag | undefined
  /** The searched text after an open tag. */
  #body: string[] = []
  /** The end of the text so far, which may be the start of a tag. */
  #tail = ''
  #blocks = 0

  push(text: string): (string | WrittenCall)[] {
    const pieces: (string | WrittenCall)[] = []
    const buffer = this.#tail + text
    let at = 0
    while (this.#blocks < MAX_BLOCKS) {
      const found = this.#tag ? findClose(buffer, at, this.#tag) : findOpen(buffer, at)
      if (!found) break
      const before = buffer.slice(at, found.start)
      at = found.end
      pieces.push(this.#tag ? this.#endCall(before, this.#tag) : before)
      this.#tag = this.#tag ? undefined : found.tag
    }
    if (this.#blocks >= MAX_BLOCKS) {
      this.#tail = ''
      return [...pieces, buffer.slice(at)]
    }
    const searched = buffer.length - partialTagLength(buffer, at, this.#tag?.close ?? LONGEST_OPEN)
    this.#tail = buffer.slice(searched)
    if (this.#tag) this.#body.push(buffer.slice(at, searched))
    else pieces.push(buffer.slice(at, searched))
    return pieces
  }

  /** The text still held back at the end of the stream. An unclosed call becomes text. */
  end(): string {
    const held = this.#tag ? this.#tag.open + this.#takeBody(this.#tail) : this.#tail
    this.#tag = undefined
    this.#tail = ''
    return held
  }

  #endCall(last: string, { open, close }: Tag): string | WrittenCall {
    const body = this.#takeBody(last)
    this.#blocks++
    return readCall(body) ?? open + body + close
  }

  #takeBody(last: string): string {
    const body = this.#body.join('') + last
    this.#body = []
    return body
  }
}

interface FoundTag {
  tag: Tag
  start: number
  end: number
}

/** Searches the text once, unlike one search for each tag. */
function findOpen(text: string, from: number): FoundTag | undefined {
  let start = text.indexOf(OPEN_PREFIX, from)
  for (; start >= 0; start = text.indexOf(OPEN_PREFIX, start + 1)) {
    const tag = TAGS.find(({ open }) => text.startsWith(open, start))
    if (tag) return { tag, start, end: start + tag.open.length }
  }
  return undefined
}

function findClose(text: string, from: number, tag: Tag): FoundTag | undefined {
  const start = text.indexOf(tag.close, from)
  return start < 0 ? undefined : { tag, start, end: start + tag.close.length }
}

/** The length of the longest prefix of `tag` with which the text from `from` on ends. */
function partialTagLength(text: string, from: number, tag: string): number {
  const longest = Math.min(tag.length - 1, text.length - from)
  for (let length = longest; length > 0; length--) {
    if (text.endsWith(tag.slice(0, length))) return length
  }
  return 0
}

type ChoiceEvent = Extract<ChatEvent, { choice: number }>

class Extractor {
  readonly #choice: number
  readonly #options: Options
  readonly #splitter = new TextSplitter()
  #calls = 0
  #extracted = false

  constructor(choice: number, options: Options) {
    this.#choice = choice
    this.#options = options
  }

  add(event: ChoiceEvent): ChatEvent[] {
    switch (event.type) {
      case 'text-delta':
        return this.#splitter.push(event.text).flatMap((piece) =>
          typeof piece === 'string' ? this.#textEvents(piece) : this.#callEvents(piece)
        )
      case 'tool-call-start':
        this.#calls = Math.max(this.#calls, event.index + 1)
        return [event]
      case 'finish': {
        const rest = this.#textEvents(this.#splitter.end())
        const isCall = this.#extracted && event.reason === 'stop'
        return [...rest, isCall ? { ...event, reason: 'tool-calls' } : event]
      }
      case 'reasoning-delta':
      case 'refusal-delta':
      case 'tool-call-delta':
      case 'annotations':
      case 'logprobs':
        return [event]
    }
  }

  #textEvents(text: string): ChatEvent[] {
    return text === '' ? [] : [{ type: 'text-delta', choice: this.#choice, text }]
  }

  #callEvents({ name, arguments: written }: WrittenCall): ChatEvent[] {
    const position = { choice: this.#choice, index: this.#calls++ }
    this.#extracted = true
    return [
      { type: 'tool-call-start', ...position, id: `call${this.#options.randomId()}`, name },
      { type: 'tool-call-delta', ...position, arguments: written },
    ]
  }
}

/** Parses `{"name": …, "arguments": {…}}`. Some models write `parameters` instead. */
function readCall(text: string): WrittenCall | undefined {
  try {
    const call: unknown = JSON.parse(text)
    if (typeof call !== 'object' || call === null || !('name' in call)) return undefined
    const written = 'arguments' in call
      ? call.arguments
      : 'parameters' in call
      ? call.parameters
      : {}
    if (typeof call.name !== 'string') return undefined
    return {
      name: call.name,
      arguments: typeof written === 'string' ? written : JSON.stringify(written ?? {}),
    }
  } catch {
    return undefined
  }
}
