import {
  brotliDecompressSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib'
import type { Decompressors } from '../platform.ts'
import { hasZlibHeader, ZSTD_PARAMETERS } from './zlib-options.ts'

type DecompressSync = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array

/**
 * Decoders for workerd, which decode the whole body at once. Its decoding streams do not wait for
 * their reader: 50 KiB of `br` became 100 MiB in memory (measured).
 */
export const WHOLE_BODY_DECOMPRESSORS: Decompressors = new Map([
  ['gzip', (chunks, maxBytes) => decompress(chunks, maxBytes, gunzipSync)],
  ['deflate', (chunks, maxBytes) => decompress(chunks, maxBytes, decodeDeflate)],
  ['br', (chunks, maxBytes) => decompress(chunks, maxBytes, brotliDecompressSync)],
  ['zstd', (chunks, maxBytes) => decompress(chunks, maxBytes, decodeZstd)],
])

async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  maxOutputLength: number,
  decode: DecompressSync,
): AsyncGenerator<Uint8Array> {
  const collected: Uint8Array[] = []
  for await (const chunk of chunks) collected.push(chunk)
  const bytes = new Uint8Array(await new Blob(collected as Uint8Array<ArrayBuffer>[]).arrayBuffer())
  if (bytes.length > 0) yield decode(bytes, { maxOutputLength })
}

const decodeDeflate: DecompressSync = (bytes, options) =>
  hasZlibHeader(bytes[0]) ? inflateSync(bytes, options) : inflateRawSync(bytes, options)

const decodeZstd: DecompressSync = (bytes, options) =>
  zstdDecompressSync(bytes, { ...options, params: ZSTD_PARAMETERS })
