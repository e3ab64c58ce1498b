import { constants } from 'node:zlib'

/** A larger window would let a small body allocate much memory; RFC 9659 allows no larger one. */
export const ZSTD_PARAMETERS = { [constants.ZSTD_d_windowLogMax]: 23 }

/**
 * Whether a `deflate` body begins with the header of zlib, whose first byte ends in 8 (RFC 1950).
 * Some clients omit it.
 */
export function hasZlibHeader(firstByte: number | undefined): boolean {
  return firstByte !== undefined && (firstByte & 0x0f) === 8
}
