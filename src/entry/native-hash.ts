import { createHash } from 'node:crypto'

/**
 * Returns the SHA-256 of bytes in base64, on Node, Bun and Deno. Web Crypto hashes in another thread,
 * which costs more than the hash of a small body (measured).
 */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
