/**
 * Frees the memory of bytes that nothing reads any more. Otherwise tens of megabytes accumulate until
 * the next garbage collection. Has no effect on bytes whose buffer other bytes may share; a chunk that
 * Deno has read never shares its buffer.
 */
export function releaseBytes({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): void {
  const isOwn = buffer.byteLength === byteLength || ('Deno' in globalThis && byteOffset === 0)
  if (isOwn && !buffer.detached) buffer.transfer(0)
}
