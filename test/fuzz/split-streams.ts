import type { ChatEvent } from '../../src/chat/events.ts'
import { ApiError } from '../../src/errors.ts'
import { createStreamDecoder as createCohere } from '../../src/oci/formats/cohere/decode-stream.ts'
import { createStreamDecoder as createCohere2 } from '../../src/oci/formats/cohere2/decode-stream.ts'
import type { StreamDecodeOptions, StreamDecoder } from '../../src/oci/formats/format.ts'
import { createStreamDecoder as createGeneric } from '../../src/oci/formats/generic/decode-stream.ts'
import { createSseDecoder } from '../../src/sse/decode.ts'

/** A recorded stream of OCI and its format. */
export interface Recording {
  name: string
  format: 'generic' | 'cohere' | 'cohere2'
  text: string
}

/** The result of many splits: their number, and a description of those that differ. */
export interface SplitResult {
  runs: number
  differences: readonly string[]
}

const DECODERS: Readonly<
  Record<Recording['format'], (options: StreamDecodeOptions) => StreamDecoder>
> = { generic: createGeneric, cohere: createCohere, cohere2: createCohere2 }

/** Reads a stream whose bytes are split at these offsets; returns its events as JSON. */
export function readSplit(
  format: Recording['format'],
  bytes: Uint8Array,
  offsets: readonly number[],
): string {
  const sse = createSseDecoder()
  const decoder = DECODERS[format](options())
  const edges = [0, ...offsets.toSorted((a, b) => a - b), bytes.length]
  const events: ChatEvent[] = []
  for (const [at, edge] of edges.slice(1).entries()) {
    events.push(...decoder.push(sse.push(bytes.subarray(edges[at], edge))))
  }
  events.push(...decoder.push(sse.end()), ...decoder.end())
  return JSON.stringify(events)
}

/** Splits recordings at random offsets, with any line ending, with and without a byte order mark. */
export function splitAnywhere(
  recordings: readonly Recording[],
  runs: number,
  seed: number,
): SplitResult {
  const random = createRandom(seed)
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T
  const references = recordings.map((recording) => ({
    ...recording,
    expected: readSplit(recording.format, encode(recording.text), []),
  }))
  const differences: string[] = []
  for (let run = 0; run < runs; run++) {
    const { name, format, text, expected } = pick(references)
    const ending = pick(['\n', '\r\n', '\r'])
    const mark = pick(['', '', '\uFEFF'])
    const bytes = encode(mark + text.replaceAll('\n', ending))
    const count = 1 + Math.floor(random() ** 3 * 60)
    const offsets = Array.from({ length: count }, () => Math.floor(random() * (bytes.length + 1)))
    if (readSplit(format, bytes, offsets) === expected) continue
    differences.push(`${name}, ${JSON.stringify(ending)}, cut at ${offsets.join()}`)
  }
  return { runs, differences }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function options(): StreamDecodeOptions {
  let ids = 0
  return {
    names: { decode: (name) => name },
    randomId: () => String(ids++),
    onError: (json) => new ApiError('internal_error', JSON.stringify(json)),
  }
}

/** Creates a seeded generator of numbers in [0, 1): a linear congruential generator of 32 bits. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
