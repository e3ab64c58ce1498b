/**
 * Frees the memory of bytes that are not read any more: the engine would let tens of megabytes
 * accumulate. Has no effect on bytes that may share their buffer. Deno shares none.
 */
export function releaseBytes({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): void {
  const isOwn = buffer.byteLength === byteLength || ('Deno' in globalThis && byteOffset === 0)
  if (isOwn && !buffer.detached) buffer.transfer(0)
}
