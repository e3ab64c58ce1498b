import { createHash } from 'node:crypto'

/** The SHA-256 of bytes as base64, computed synchronously by the runtime's native code. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
