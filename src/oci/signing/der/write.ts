import { type Bytes, concatBytes } from '../bytes.ts'

/** One value of DER (X.690): tag, length, and the parts of its content. */
export function writeDer(tag: number, ...parts: Uint8Array[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return concatBytes(Uint8Array.of(tag, ...lengthBytes(length)), ...parts)
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length]
  const digits = bigEndian(length)
  return [0x80 + digits.length, ...digits]
}

function bigEndian(value: number): number[] {
  return value === 0 ? [] : [...bigEndian(Math.floor(value / 256)), value % 256]
}
