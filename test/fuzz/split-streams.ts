import type { ChatEvent } from '../../src/chat/events.ts'
import { ApiError } from '../../src/errors.ts'
import { createStreamDecoder as createCohere } from '../../src/oci/formats/cohere/decode-stream.ts'
import { createStreamDecoder as createCohere2 } from '../../src/oci/formats/cohere2/decode-stream.ts'
import type { StreamDecodeOptions, StreamDecoder } from '../../src/oci/formats/format.ts'
import { createStreamDecoder as createGeneric } from '../../src/oci/formats/generic/decode-stream.ts'
import { createSseDecoder } from '../../src/sse/decode.ts'

/** A stream as OCI sent it, and in which of its formats. */
export interface Recording {
  name: string
  format: 'generic' | 'cohere' | 'cohere2'
  text: string
}

/** What came of many splits: how many there were, and those that read differently, in words. */
export interface SplitResult {
  runs: number
  differences: readonly string[]
}

const DECODERS: Readonly<
  Record<Recording['format'], (options: StreamDecodeOptions) => StreamDecoder>
> = { generic: createGeneric, cohere: createCohere, cohere2: createCohere2 }

/** The events of a stream whose bytes arrive cut at these places, as one text. */
export function readSplit(
  format: Recording['format'],
  bytes: Uint8Array,
  places: readonly number[],
): string {
  const sse = createSseDecoder()
  const decoder = DECODERS[format](options())
  const edges = [0, ...places.toSorted((a, b) => a - b), bytes.length]
  const events: ChatEvent[] = []
  for (const [at, edge] of edges.slice(1).entries()) {
    events.push(...decoder.push(sse.push(bytes.subarray(edges[at], edge))))
  }
  events.push(...decoder.push(sse.end()), ...decoder.end())
  return JSON.stringify(events)
}

/** Splits the recordings anywhere, their lines ended in any of the three ways, marked or not. */
export function splitAnywhere(
  recordings: readonly Recording[],
  runs: number,
  seed: number,
): SplitResult {
  const random = createRandom(seed)
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T
  const wholes = recordings.map((recording) => ({
    ...recording,
    expected: readSplit(recording.format, encode(recording.text), []),
  }))
  const differences: string[] = []
  for (let run = 0; run < runs; run++) {
    const { name, format, text, expected } = pick(wholes)
    const ending = pick(['\n', '\r\n', '\r'])
    const mark = pick(['', '', '\uFEFF'])
    const bytes = encode(mark + text.replaceAll('\n', ending))
    const count = 1 + Math.floor(random() ** 3 * 60)
    const places = Array.from({ length: count }, () => Math.floor(random() * (bytes.length + 1)))
    if (readSplit(format, bytes, places) === expected) continue
    differences.push(`${name}, ${JSON.stringify(ending)}, cut at ${places.join()}`)
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

/** In [0, 1), the same for the same seed: a linear congruential generator of 32 bits. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
