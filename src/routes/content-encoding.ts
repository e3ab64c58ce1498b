import { ApiError } from '../errors.ts'
import type { Decompress, Decompressors } from '../platform.ts'
import { tooLarge } from './too-large.ts'

/** An encoding of a body. */
export interface Encoding {
  name: string
  decompress: Decompress
}

/** Each encoding of a body costs the work of decoding it. */
const MAX_ENCODINGS = 3

/**
 * Returns the encodings that `content-encoding` lists, without `identity`, in the order in which
 * they were applied. Throws an `unsupported_media_type`.
 */
export function encodingsOf(
  { headers }: Request,
  decompressors: Decompressors = new Map(),
): readonly Encoding[] {
  const listed = headers.get('content-encoding')
  if (listed === null) return []
  const names = listed.split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  if (names.length > MAX_ENCODINGS) {
    throw unsupported(`"content-encoding" must list at most ${MAX_ENCODINGS} encodings`)
  }
  return names.map((name) => {
    // RFC 9110, 8.4.1.3.
    const decompress = decompressors.get(name === 'x-gzip' ? 'gzip' : name)
    if (decompress) return { name, decompress }
    const supported = [...decompressors.keys(), 'identity'].join(', ')
    throw unsupported(
      `"content-encoding" must be one of ${supported}, not "${name.slice(0, 60)}"`,
    )
  })
}

/**
 * Decodes one encoding of a body. Throws an `invalid_request` if the chunks are not valid, a
 * `request_too_large` if they decode to more than `maxBytes`, or the error of `chunks`.
 */
export async function* decodeChunks(
  chunks: AsyncIterable<Uint8Array>,
  { name, decompress }: Encoding,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let failure: { error: unknown } | undefined
  async function* watch(): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  let bytes = 0
  try {
    for await (const chunk of decompress(watch(), maxBytes)) {
      bytes += chunk.length
      if (bytes > maxBytes) throw new RangeError()
      yield chunk
    }
  } catch (error) {
    if (failure) throw failure.error
    throw error instanceof RangeError ? tooLarge(maxBytes) : invalid(name, error)
  }
}

function unsupported(message: string): ApiError {
  return new ApiError('unsupported_media_type', message)
}

function invalid(name: string, cause: unknown): ApiError {
  return new ApiError(
    'invalid_request',
    `The request body is not valid ${name} data: it is corrupt or incomplete`,
    { cause },
  )
}
