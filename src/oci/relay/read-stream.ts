import { ApiError } from '../../errors.ts'
import { MAX_EVENT_BYTES, tooLarge } from '../../sse/decode.ts'
import type { BatchDecoder } from '../../sse/read.ts'
import { createReplacer } from './replace.ts'

export interface RelayedStreamOptions {
  /** The model's name as OCI writes it, and as the client asked for it. */
  rename: { from: string; to: string } | undefined
  /** What ends an answer: chat's finish reason and `[DONE]`, or the last event of a response. */
  ends: 'chat' | 'response'
}

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Passes OpenAI's server-sent events on as OCI wrote them, whole ones only: the bytes are the same
 * but for the model's name, and must stay valid. What a client may rely on is made sure of: one
 * `[DONE]` after an answer that ended, none and an error after one that was cut.
 */
export function createRelayDecoder(options: RelayedStreamOptions): BatchDecoder<Bytes> {
  return new RelayDecoder(options)
}

interface Sought {
  /**
   * One of these is there whenever the pattern matches. Plain text that begins with a rare character
   * takes a fifth of the time of the pattern, or of the same text with the quote before it (measured).
   */
  hints: readonly string[]
  pattern: RegExp
}

const ENDINGS: Readonly<Record<RelayedStreamOptions['ends'], Sought>> = {
  chat: { hints: ['_reason":"', '_reason": "'], pattern: /"finish_reason": ?"[^"]/ },
  response: {
    hints: ['.completed"', '.incomplete"', '.failed"', '.cancelled"'],
    pattern: /"response\.(completed|incomplete|failed|cancelled)"/,
  },
}
const FAILURE: Sought = {
  hints: ['{"error":', 'event: error', 'event:error'],
  pattern: /^(data: ?\{"error":|event: ?error)/m,
}
const DONE: Sought = { hints: ['[DONE]'], pattern: /^data: ?\[DONE\]/m }
const CLOSING = 'data: [DONE]\n\n'
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const NOTHING: Bytes = new Uint8Array()

const encoder = new TextEncoder()

class RelayDecoder implements BatchDecoder<Bytes> {
  // A mark at the beginning is OCI's, and stays.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #ends: RelayedStreamOptions['ends']
  readonly #renames: readonly ((bytes: Bytes) => Bytes)[]
  /** The beginning of an event. */
  #held: Bytes = NOTHING
  #finished = false
  #failed = false
  #done = false

  constructor({ rename, ends }: RelayedStreamOptions) {
    this.#ends = ends
    this.#renames = rename && rename.from !== rename.to ? modelReplacers(rename) : []
  }

  push(bytes: Bytes): Bytes {
    const all = join(this.#held, bytes)
    const settled = endOfEvents(all)
    const isWhole = settled === all.length
    this.#held = isWhole ? NOTHING : all.subarray(settled)
    if (this.#held.length > MAX_EVENT_BYTES) throw tooLarge(MAX_EVENT_BYTES)
    return this.#pass(isWhole ? all : all.subarray(0, settled))
  }

  end(): Bytes {
    const last = this.#decoder.decode(this.#held).trimEnd()
    const rest = last === '' ? NOTHING : this.#pass(encoder.encode(`${last}\n\n`))
    if (this.#done || this.#failed) return rest
    if (this.#finished) return this.#ends === 'chat' ? join(rest, encoder.encode(CLOSING)) : rest
    throw new ApiError('upstream_incomplete', 'Cannot complete the answer: the stream was cut')
  }

  #pass(events: Bytes): Bytes {
    if (this.#done || events.length === 0) return NOTHING
    const text = this.#decoder.decode(events)
    this.#finished ||= find(ENDINGS[this.#ends], text) !== null
    this.#failed ||= find(FAILURE, text) !== null
    const done = find(DONE, text)
    this.#done = done !== null
    const told = done ? encoder.encode(`${text.slice(0, done.index)}${CLOSING}`) : events
    return this.#renames.reduce((bytes, rename) => rename(bytes), told)
  }
}

function find({ hints, pattern }: Sought, text: string): RegExpExecArray | null {
  return hints.some((hint) => text.includes(hint)) ? pattern.exec(text) : null
}

/** Where the last blank line ends: what comes between two events must not come amid one. */
function endOfEvents(bytes: Bytes): number {
  let at = bytes.lastIndexOf(LINE_FEED)
  while (at > 0 && !isBlankLine(bytes, at)) at = bytes.lastIndexOf(LINE_FEED, at - 1)
  return at > 0 ? at + 1 : 0
}

function isBlankLine(bytes: Bytes, end: number): boolean {
  const before = bytes[end - 1] === CARRIAGE_RETURN ? end - 2 : end - 1
  return bytes[before] === LINE_FEED
}

/** A copy only where there are two, since each would cost a chunk as much as all else here (measured). */
function join(first: Bytes, second: Bytes): Bytes {
  if (first.length === 0) return second
  if (second.length === 0) return first
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

/** Quotes inside a text are escaped, so the member itself is the only place that reads like this. */
function modelReplacers({ from, to }: { from: string; to: string }) {
  const [told, asked] = [JSON.stringify(from), JSON.stringify(to)]
  return ['"model":', '"model": '].map((member) => createReplacer(member + told, member + asked))
}
