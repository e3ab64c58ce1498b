import { pipeline, Readable, type Transform } from 'node:stream'
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'
import type { Decompressors } from '../platform.ts'
import { hasZlibHeader, ZSTD_PARAMETERS } from './zlib-options.ts'

/**
 * The encodings that Node's zlib decodes, which Bun and Deno have too. It decodes at most 16 KiB
 * ahead of the reader, whereas Deno's `DecompressionStream` decodes a whole chunk at once, which may
 * be 1,000 times its size.
 */
export const STREAMING_DECOMPRESSORS: Decompressors = new Map([
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

function createDeflateDecoder(firstByte: number | undefined): Transform {
  return hasZlibHeader(firstByte) ? createInflate() : createInflateRaw()
}
