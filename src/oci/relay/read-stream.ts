import { ApiError } from '../../errors.ts'
import { MAX_EVENT_BYTES, tooLarge } from '../../sse/decode.ts'
import type { BatchDecoder } from '../../sse/read.ts'
import type { Redact } from '../http/redact.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { parseJson } from '../json.ts'
import { answeringModel } from '../models/answering-model.ts'
import { isRoutingProfile } from '../models/ocid.ts'
import { createReplacer } from './replace.ts'

export interface RelayedStreamOptions {
  /** OCI's name of the model, and the name in the client's request. */
  rename: { from: string; to: string } | undefined
  /**
   * How an answer ends: with a finish reason and `[DONE]`, or with the last event of a response, or of
   * an image, speech or transcription. A resumed one may have no events, because all were sent before.
   */
  ends: 'chat' | 'response' | 'resumed' | 'media'
  /** Called with OCI's name of the model that answers for a routing profile. */
  onModel?: ((name: string) => void) | undefined
  /** Removes credentials from events that report an error. */
  redact?: Redact | undefined
  /** Called with the text of the events that ended the answer. */
  onFinished?: ((events: string) => void) | undefined
}

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Creates a decoder that passes on OpenAI's server-sent events, complete ones only. It changes only
 * the model's name and credentials in errors. A complete answer ends with one `[DONE]`, an incomplete
 * one with an error instead.
 */
export function createRelayDecoder(options: RelayedStreamOptions): BatchDecoder<Bytes> {
  return new RelayDecoder(options)
}

const RESPONSE_END = /"response\.(completed|incomplete|failed|cancelled)"/

/** Patterns for the end of an answer, somewhere in its last events. */
const ENDINGS: Readonly<Record<RelayedStreamOptions['ends'], RegExp>> = {
  chat: /"finish_reason": ?"[^"]/,
  media: /"(image_\w+\.completed|speech\.audio\.done|transcript\.text\.done)"/,
  response: RESPONSE_END,
  resumed: RESPONSE_END,
}
/** Number of last batches that are searched for the end. Usage and `[DONE]` may follow it. */
const LAST_BATCHES = 8

const encoder = new TextEncoder()
const [DATA, EVENT] = [encoder.encode('data:'), encoder.encode('event:')]
const JSON_DATA = encoder.encode('data: {')
const [DONE, FAILURE, OCI_FAILURE, ERROR, FAILED] = [
  encoder.encode('[DONE]'),
  encoder.encode('{"error":'),
  encoder.encode('{"code":'),
  encoder.encode('error'),
  encoder.encode('response.failed'),
]
const CLOSING = encoder.encode('data: [DONE]\n\n')
const LINE_FEED = 10
const SPACE = 32
const CARRIAGE_RETURN = 13
const NOTHING: Bytes = new Uint8Array()

class RelayDecoder implements BatchDecoder<Bytes> {
  // A byte order mark of OCI is passed on.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #ends: RelayedStreamOptions['ends']
  #renames: readonly ((bytes: Bytes) => Bytes)[]
  /** The names of a routing profile whose model is not known yet. */
  #unknown: { from: string; to: string } | undefined
  readonly #onModel: RelayedStreamOptions['onModel']
  /** The beginning of an incomplete event. */
  readonly #incomplete = new GrowingBytes()
  /** A ring of the last batches. Searching each one when it arrives would be slower (measured). */
  readonly #last: Bytes[] = []
  #batches = 0
  readonly #redact: Redact | undefined
  readonly #onFinished: RelayedStreamOptions['onFinished']
  #failed = false
  /** Whether the current events report an error. */
  #reportsError = false
  #done = false

  constructor({ rename, ends, redact, onFinished, onModel }: RelayedStreamOptions) {
    this.#ends = ends
    this.#redact = redact
    this.#onFinished = onFinished
    this.#onModel = onModel
    this.#unknown = rename && isRoutingProfile(rename.from) ? rename : undefined
    this.#renames = rename && rename.from !== rename.to ? modelReplacers(rename) : []
  }

  push(bytes: Bytes): Bytes {
    const incomplete = this.#incomplete
    if (incomplete.length === 0) {
      if (isPlainEvent(bytes)) return this.#passPlain(bytes)
      return this.#divide(bytes, endOfEvents(bytes, 0))
    }
    const from = incomplete.length
    incomplete.append(bytes)
    // Only a line feed in the new bytes can end the event.
    const complete = endOfEvents(incomplete.view(), from)
    if (complete > 0) return this.#divide(incomplete.view(), complete)
    if (incomplete.length > MAX_EVENT_BYTES) throw tooLarge(MAX_EVENT_BYTES)
    return NOTHING
  }

  /** Passes on the first `complete` bytes and keeps the rest. */
  #divide(all: Bytes, complete: number): Bytes {
    this.#incomplete.clear()
    if (complete < all.length) this.#incomplete.append(all.subarray(complete))
    if (this.#incomplete.length > MAX_EVENT_BYTES) throw tooLarge(MAX_EVENT_BYTES)
    return this.#pass(complete === all.length ? all : all.subarray(0, complete))
  }

  end(): Bytes {
    const last = this.#decoder.decode(this.#incomplete.view()).trimEnd()
    const isCut = isCutEvent(last)
    if (isCut && FAILED_EVENT.test(last)) throw unreadableError()
    const rest = last === '' || isCut ? NOTHING : this.#pass(encoder.encode(`${last}\n\n`))
    if (this.#done || this.#failed) return rest
    if (this.#ends === 'resumed' && this.#batches === 0) return rest
    if (this.#isFinished()) return this.#ends === 'chat' ? join(rest, CLOSING) : rest
    throw new ApiError(
      'upstream_incomplete',
      "OCI's stream was interrupted before the answer was complete",
    )
  }

  /** The path of nearly all batches. Reading each of their lines would take twice as long (measured). */
  #passPlain(event: Bytes): Bytes {
    if (this.#done) return NOTHING
    this.#keep(event)
    return this.#rename(event)
  }

  #pass(events: Bytes): Bytes {
    if (this.#done || events.length === 0) return NOTHING
    const done = this.#readLines(events)
    this.#done = done >= 0
    const passed = this.#done ? join(events.subarray(0, done), CLOSING) : events
    return this.#rename(this.#reportsError ? this.#redacted(passed) : passed)
  }

  /** Redacts credentials; copies the events only if there are any. */
  #redacted(events: Bytes): Bytes {
    this.#reportsError = false
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(events)
    const redacted = this.#redact?.(text) ?? text
    return redacted === text ? events : encoder.encode(redacted)
  }

  /** A loop, because a callback would take a sixth of the time of a batch (measured). */
  #rename(events: Bytes): Bytes {
    if (this.#unknown) this.#findModel(events, this.#unknown)
    let renamed = events
    for (const rename of this.#renames) renamed = rename(renamed)
    return renamed
  }

  /** Reads the model of the first event that names it. */
  #findModel(events: Bytes, { from, to }: { from: string; to: string }): void {
    const [, data] = /^data: ?(\{[^\r\n]*"model":[^\r\n]*)/m.exec(this.#decoder.decode(events)) ??
      []
    if (data === undefined) return
    this.#unknown = undefined
    const name = answeringModel(parseJson(data), from)
    if (name === undefined) return
    this.#renames = modelReplacers({ from: name, to })
    this.#onModel?.(name)
  }

  #keep(events: Bytes): void {
    this.#last[this.#batches++ % LAST_BATCHES] = events
  }

  /** Returns the offset of the line that ends the stream, or -1. Detects lines that report an error. */
  #readLines(events: Bytes): number {
    let isKept = false
    for (let at = 0; at < events.length; at = endOfLine(events, at)) {
      const isData = startsAt(events, at, DATA)
      if (!isData && !startsAt(events, at, EVENT)) continue
      // Comments may follow the end many times, so they are not kept.
      if (!isKept) this.#keep(events)
      isKept = true
      const colon = at + (isData ? DATA : EVENT).length
      const value = events[colon] === SPACE ? colon + 1 : colon
      if (isData && startsAt(events, value, DONE)) return at
      const isError = isData
        ? startsAt(events, value, FAILURE) || startsAt(events, value, OCI_FAILURE)
        : startsAt(events, value, ERROR)
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

/** Whether the stream ended inside an event, so that its data is not JSON. */
function isCutEvent(event: string): boolean {
  const data = event.split('\n').findLast((line) => line.startsWith('data:'))?.slice(5).trim()
  if (data === undefined || data === '[DONE]') return false
  return parseJson(data) === undefined
}

function unreadableError(): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    "Cannot read OCI's error: the stream ended inside it",
  )
}

/** Whether the bytes are one complete event with one line of JSON that is not an error. */
function isPlainEvent(bytes: Bytes): boolean {
  const last = bytes.length - 1
  return bytes[last] === LINE_FEED &&
    startsAt(bytes, 0, JSON_DATA) &&
    !startsAt(bytes, JSON_DATA.length - 1, FAILURE) &&
    !startsAt(bytes, JSON_DATA.length - 1, OCI_FAILURE) &&
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
 * Returns the offset after the last blank line that ends at or after `from`, else 0. Anything that
 * is inserted between events must not split one.
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

/** Copies only if both have bytes: a copy takes as long as all other work on a chunk (measured). */
function join(first: Bytes, second: Bytes): Bytes {
  if (first.length === 0) return second
  if (second.length === 0) return first
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

/** Quotes in texts are escaped, so only the member itself matches. */
function modelReplacers({ from, to }: { from: string; to: string }) {
  const [original, replacement] = [JSON.stringify(from), JSON.stringify(to)]
  return ['"model":', '"model": '].map((member) =>
    createReplacer(member + original, member + replacement)
  )
}
