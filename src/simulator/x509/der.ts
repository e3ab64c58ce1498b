import type { Bytes } from '../base64.ts'

/** A DER value. */
export interface Value {
  tag: number
  content: Bytes
  /** Tag, length and content. */
  whole: Bytes
}

/** The tags that keys and certificates need. */
export const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  none: 0x05,
  objectId: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  /** The context-specific tag of a certificate's version. */
  explicit0: 0xa0,
}

/** Encodes a value whose content is the concatenation of the contents. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Bytes {
  const content = contents.flatMap((part) => [...part])
  return Uint8Array.of(tag, ...lengthOf(content.length), ...content)
}

/** Decodes a sequence of values. */
export function readValues(bytes: Bytes): readonly Value[] {
  if (bytes.length === 0) return []
  const { length, start } = readLength(bytes)
  const end = start + length
  if (end > bytes.length) throw new RangeError('Cannot read DER: it is truncated')
  const value = { tag: bytes[0] ?? 0, content: bytes.slice(start, end), whole: bytes.slice(0, end) }
  return [value, ...readValues(bytes.slice(end))]
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length]
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}

/** Supports lengths of up to two bytes. */
function readLength(bytes: Bytes): { length: number; start: number } {
  const [, first = 0, second = 0, third = 0] = bytes
  if (first < 0x80) return { length: first, start: 2 }
  return first === 0x81
    ? { length: second, start: 3 }
    : { length: second * 0x100 + third, start: 4 }
}
