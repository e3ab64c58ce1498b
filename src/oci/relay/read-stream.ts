import { ApiError } from '../../errors.ts'
import type { BatchDecoder } from '../../sse/read.ts'

export interface RelayedStreamOptions {
  /** The model's name as OCI writes it, and as the client asked for it. */
  rename: { from: string; to: string } | undefined
  /** What ends an answer: chat's finish reason and `[DONE]`, or the last event of a response. */
  ends: 'chat' | 'response'
}

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Passes OpenAI's server-sent events on as OCI wrote them, whole lines at a time: the bytes are the
 * same but for the model's name. What a client may rely on is made sure of: one `[DONE]` after an
 * answer that ended, none and an error after one that was cut.
 */
export function createRelayDecoder(options: RelayedStreamOptions): BatchDecoder<Bytes> {
  return new RelayDecoder(options)
}

const DONE = /^data: ?\[DONE\]/m
const FAILURE = /^(data: ?\{"error":|event: ?error)/m
/** What is searched for in every piece is plain text: a pattern costs ten times as much. */
const ENDINGS = {
  chat: ['"finish_reason":"', '"finish_reason": "'],
  response: ['completed', 'incomplete', 'failed', 'cancelled'].map((end) => `"response.${end}"`),
} as const
const CLOSING = 'data: [DONE]\n\n'
const LINE_FEED = 10
const NOTHING: Bytes = new Uint8Array()

const encoder = new TextEncoder()

class RelayDecoder implements BatchDecoder<Bytes> {
  // A mark at the beginning is OCI's, and stays.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #ends: RelayedStreamOptions['ends']
  readonly #names: readonly (readonly [from: string, to: string])[]
  /** The beginning of a line. */
  #held: Bytes = NOTHING
  #finished = false
  #failed = false
  #done = false

  constructor({ rename, ends }: RelayedStreamOptions) {
    this.#ends = ends
    this.#names = rename && rename.from !== rename.to ? modelMembers(rename) : []
  }

  push(bytes: Uint8Array): readonly Bytes[] {
    const settled = bytes.lastIndexOf(LINE_FEED) + 1
    const lines = settled === 0 ? NOTHING : join(this.#held, bytes.subarray(0, settled))
    this.#held = settled === 0 ? join(this.#held, bytes) : bytes.slice(settled)
    return this.#pass(lines)
  }

  end(): readonly Bytes[] {
    const last = this.#decoder.decode(this.#held).trimEnd()
    const rest = last === '' ? [] : this.#pass(encoder.encode(`${last}\n\n`))
    if (this.#done || this.#failed) return rest
    if (this.#finished) return this.#ends === 'chat' ? [...rest, encoder.encode(CLOSING)] : rest
    throw new ApiError('upstream_incomplete', 'Cannot complete the answer: the stream was cut')
  }

  #pass(lines: Bytes): readonly Bytes[] {
    if (lines.length === 0 || this.#done) return []
    const text = this.#decoder.decode(lines)
    this.#finished ||= ENDINGS[this.#ends].some((ending) => text.includes(ending))
    this.#failed ||= text.includes('error') && FAILURE.test(text)
    const done = text.includes('[DONE]') ? DONE.exec(text) : null
    this.#done = done !== null
    if (done === null && this.#names.length === 0) return [lines]
    const told = done ? `${text.slice(0, done.index)}${CLOSING}` : text
    return [encoder.encode(this.#named(told))]
  }

  #named(text: string): string {
    return this.#names.reduce((told, [from, to]) => told.replaceAll(from, to), text)
  }
}

/** A copy: the bytes of a read are written over by the next one. */
function join(held: Bytes, bytes: Uint8Array): Bytes {
  if (held.length === 0) return bytes.slice() as Bytes
  const all = new Uint8Array(held.length + bytes.length)
  all.set(held)
  all.set(bytes, held.length)
  return all
}

/** Quotes inside a text are escaped, so the member itself is the only place that reads like this. */
function modelMembers({ from, to }: { from: string; to: string }): [string, string][] {
  const [told, asked] = [JSON.stringify(from), JSON.stringify(to)]
  return ['"model":', '"model": '].map((member) => [member + told, member + asked])
}
