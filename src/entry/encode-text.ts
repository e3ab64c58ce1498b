import { Buffer, transcode } from 'node:buffer'
import type { EncodeText } from '../platform.ts'

/**
 * Node encodes shorter texts faster by itself, up to 4 KB into a buffer that many share: allocating memory
 * for each takes 500 ns (measured).
 */
const MIN_LENGTH = 8 * 1024
/** Beyond it, the memory of the second copy costs more than it saves (measured). */
const MAX_LENGTH = 1024 * 1024

const encoder = new TextEncoder()

/**
 * Encodes text as UTF-8 on Node, where `TextEncoder` takes five times as long for a short text, and four
 * times as long for any with a character beyond U+00FF, such as a typographic quote (measured on Node
 * 24). Bun and Deno need no other way.
 */
export const encodeText: EncodeText | undefined = 'Bun' in globalThis || 'Deno' in globalThis
  ? undefined
  : (text) => {
    if (text.length < MIN_LENGTH) return Buffer.from(text)
    if (text.length > MAX_LENGTH) return encoder.encode(text)
    // A new buffer, whose memory is not shared.
    return transcode(Buffer.from(text, 'utf16le'), 'utf16le', 'utf8') as Uint8Array<ArrayBuffer>
  }
