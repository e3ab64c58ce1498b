import { createHash } from 'node:crypto'
import type { Sha256 } from '../platform.ts'

/**
 * Hashes on Node, Bun and Deno. Web Crypto hashes in another thread, which costs more than the hash of
 * a small body (measured).
 */
export const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest('base64')
