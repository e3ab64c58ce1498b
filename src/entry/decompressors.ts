import { pipeline, Readable, type Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'
import type { Decompress } from '../platform.ts'

/** A larger window would let a small body allocate much memory; RFC 9659 allows no larger one. */
const ZSTD_PARAMETERS = { [constants.ZSTD_d_windowLogMax]: 23 }

/**
 * The encodings that Node's zlib decodes, which Bun, Deno and workerd have too. It decodes at most
 * 16 KiB ahead of the reader, whereas `DecompressionStream` decodes a whole chunk at once on some
 * runtimes, which is up to 1,000 times its size.
 */
export const DECOMPRESSORS: ReadonlyMap<string, Decompress> = new Map([
  ['gzip', (chunks) => decompress(chunks, () => createGunzip())],
  ['deflate', (chunks) => decompress(chunks, createDeflateDecoder)],
  ['br', (chunks) => decompress(chunks, () => createBrotliDecompress())],
  ['zstd', (chunks) => decompress(chunks, () => createZstdDecompress({ params: ZSTD_PARAMETERS }))],
])

async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  create: (firstByte: number | undefined) => Transform,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done) return
  const decoder = create(first.value[0])
  // The decoder reports the error of its source, too, to its reader.
  pipeline(Readable.from(startingWith(first.value, iterator)), decoder, () => {})
  yield* decoder
}

async function* startingWith(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

/** Some clients send `deflate` without the header of zlib, whose first byte ends in 8 (RFC 1950). */
function createDeflateDecoder(firstByte: number | undefined): Transform {
  const hasHeader = firstByte !== undefined && (firstByte & 0x0f) === 8
  return hasHeader ? createInflate() : createInflateRaw()
}
