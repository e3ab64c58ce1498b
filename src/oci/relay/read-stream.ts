import { ApiError } from '../../errors.ts'
import { MAX_EVENT_BYTES, tooLarge } from '../../sse/decode.ts'
import type { BatchDecoder } from '../../sse/read.ts'
import type { Redact } from '../http/redact.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { createReplacer } from './replace.ts'

export interface RelayedStreamOptions {
  /** The model's name as OCI writes it, and as the client asked for it. */
  rename: { from: string; to: string } | undefined
  /** What ends an answer: chat's finish reason and `[DONE]`, or the last event of a response. */
  ends: 'chat' | 'response'
  /** Removes credentials from events that report an error. */
  redact?: Redact | undefined
  /** Gets the text of the events among which the answer ended. */
  onFinished?: ((events: string) => void) | undefined
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

/** How an answer ends, somewhere in its last events. */
const ENDINGS: Readonly<Record<RelayedStreamOptions['ends'], RegExp>> = {
  chat: /"finish_reason": ?"[^"]/,
  response: /"response\.(completed|incomplete|failed|cancelled)"/,
}
/** In how many of the last batches the end is looked for: what follows it are counts and `[DONE]`. */
const LAST_BATCHES = 8

const encoder = new TextEncoder()
const [DATA, EVENT] = [encoder.encode('data:'), encoder.encode('event:')]
const JSON_DATA = encoder.encode('data: {')
const [DONE, FAILURE, ERROR, FAILED] = [
  encoder.encode('[DONE]'),
  encoder.encode('{"error":'),
  encoder.encode('error'),
  encoder.encode('response.failed'),
]
const CLOSING = encoder.encode('data: [DONE]\n\n')
const LINE_FEED = 10
const BLANK = 32
const CARRIAGE_RETURN = 13
const NOTHING: Bytes = new Uint8Array()

class RelayDecoder implements BatchDecoder<Bytes> {
  // A mark at the beginning is OCI's, and stays.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #ends: RelayedStreamOptions['ends']
  readonly #renames: readonly ((bytes: Bytes) => Bytes)[]
  /** The beginning of an event. */
  readonly #held = new GrowingBytes()
  /** The last batches, in a ring. Each by itself is looked at only where its lines begin (measured). */
  readonly #last: Bytes[] = []
  #batches = 0
  readonly #redact: Redact | undefined
  readonly #onFinished: RelayedStreamOptions['onFinished']
  #failed = false
  /** Whether the events at hand report an error. */
  #reportsError = false
  #done = false

  constructor({ rename, ends, redact, onFinished }: RelayedStreamOptions) {
    this.#ends = ends
    this.#redact = redact
    this.#onFinished = onFinished
    this.#renames = rename && rename.from !== rename.to ? modelReplacers(rename) : []
  }

  push(bytes: Bytes): Bytes {
    const held = this.#held
    if (held.length === 0) {
      if (isPlainEvent(bytes)) return this.#passPlain(bytes)
      return this.#divide(bytes, endOfEvents(bytes, 0))
    }
    const from = held.length
    held.append(bytes)
    // No event ended in what was held, so only a line feed that is new can end one.
    const settled = endOfEvents(held.view(), from)
    if (settled > 0) return this.#divide(held.view(), settled)
    if (held.length > MAX_EVENT_BYTES) throw tooLarge(MAX_EVENT_BYTES)
    return NOTHING
  }

  /** Passes on what is settled and holds the rest. */
  #divide(all: Bytes, settled: number): Bytes {
    this.#held.clear()
    if (settled < all.length) this.#held.append(all.subarray(settled))
    if (this.#held.length > MAX_EVENT_BYTES) throw tooLarge(MAX_EVENT_BYTES)
    return this.#pass(settled === all.length ? all : all.subarray(0, settled))
  }

  end(): Bytes {
    const last = this.#decoder.decode(this.#held.view()).trimEnd()
    const isCut = isCutEvent(last)
    if (isCut && FAILED_EVENT.test(last)) throw unreadableError()
    const rest = last === '' || isCut ? NOTHING : this.#pass(encoder.encode(`${last}\n\n`))
    if (this.#done || this.#failed) return rest
    if (this.#isFinished()) return this.#ends === 'chat' ? join(rest, CLOSING) : rest
    throw new ApiError('upstream_incomplete', 'Cannot complete the answer: the stream was cut')
  }

  /** The way of nearly all batches; to read each of their lines would cost twice as much (measured). */
  #passPlain(event: Bytes): Bytes {
    if (this.#done) return NOTHING
    this.#note(event)
    return this.#rename(event)
  }

  #pass(events: Bytes): Bytes {
    if (this.#done || events.length === 0) return NOTHING
    const done = this.#readLines(events)
    this.#done = done >= 0
    const passed = this.#done ? join(events.subarray(0, done), CLOSING) : events
    return this.#rename(this.#reportsError ? this.#redacted(passed) : passed)
  }

  /** A copy only where an error quotes what was sent. */
  #redacted(events: Bytes): Bytes {
    this.#reportsError = false
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(events)
    const redacted = this.#redact?.(text) ?? text
    return redacted === text ? events : encoder.encode(redacted)
  }

  /** A loop, since a function for each batch is a sixth of what a batch costs here (measured). */
  #rename(events: Bytes): Bytes {
    let renamed = events
    for (const rename of this.#renames) renamed = rename(renamed)
    return renamed
  }

  #note(events: Bytes): void {
    this.#last[this.#batches++ % LAST_BATCHES] = events
  }

  /** Where the line begins that ends the stream, else -1; a line that tells a failure is noted. */
  #readLines(events: Bytes): number {
    let isNoted = false
    for (let at = 0; at < events.length; at = endOfLine(events, at)) {
      const isData = startsAt(events, at, DATA)
      if (!isData && !startsAt(events, at, EVENT)) continue
      // Comments, which may come again and again behind the end, are no part of it.
      if (!isNoted) this.#note(events)
      isNoted = true
      const colon = at + (isData ? DATA : EVENT).length
      const value = events[colon] === BLANK ? colon + 1 : colon
      if (isData && startsAt(events, value, DONE)) return at
      const isError = startsAt(events, value, isData ? FAILURE : ERROR)
      this.#failed ||= isError
      this.#reportsError ||= isError || (!isData && startsAt(events, value, FAILED))
    }
    return -1
  }

  #isFinished(): boolean {
    const ending = ENDINGS[this.#ends]
    const events = this.#last.map((batch) => this.#decoder.decode(batch))
      .find((batch) => ending.test(batch))
    if (events !== undefined) this.#onFinished?.(events)
    return events !== undefined
  }
}

/** An event that reports an error. */
const FAILED_EVENT = /^(?:event: ?error\b|data: ?\{"error":)/m

/** Whether the stream ended inside an event, so that its data is no JSON. */
function isCutEvent(event: string): boolean {
  const data = event.split('\n').findLast((line) => line.startsWith('data:'))?.slice(5).trim()
  if (data === undefined || data === '[DONE]') return false
  try {
    JSON.parse(data)
    return false
  } catch {
    return true
  }
}

function unreadableError(): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    "Cannot read OCI's error: the stream ended inside it",
  )
}

/** One event whole, of one line of JSON that tells no failure. */
function isPlainEvent(bytes: Bytes): boolean {
  const last = bytes.length - 1
  return bytes[last] === LINE_FEED &&
    startsAt(bytes, 0, JSON_DATA) &&
    !startsAt(bytes, JSON_DATA.length - 1, FAILURE) &&
    bytes.indexOf(LINE_FEED) === last - 1
}

function endOfLine(bytes: Bytes, from: number): number {
  const at = bytes.indexOf(LINE_FEED, from)
  return at < 0 ? bytes.length : at + 1
}

function startsAt(bytes: Bytes, at: number, text: Bytes): boolean {
  let matching = 0
  while (matching < text.length && bytes[at + matching] === text[matching]) matching++
  return matching === text.length
}

/**
 * Where the last blank line ends whose end lies at `from` or behind it, else 0: what comes between
 * two events must not come amid one.
 */
function endOfEvents(bytes: Bytes, from: number): number {
  const searched = bytes.subarray(from)
  for (let at = searched.lastIndexOf(LINE_FEED); at >= 0;) {
    if (from + at > 0 && isBlankLine(bytes, from + at)) return from + at + 1
    if (at === 0) return 0
    at = searched.lastIndexOf(LINE_FEED, at - 1)
  }
  return 0
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
