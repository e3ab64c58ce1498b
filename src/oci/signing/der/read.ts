import type { Bytes } from '../bytes.ts'
import { keyError } from '../key-error.ts'

/** One value of DER (X.690), as views on the bytes it was read from. */
export interface DerElement {
  tag: number
  content: Bytes
  /** Tag, length and content. */
  encoded: Bytes
}

/** The tags of the types that keys and certificates are made of. */
export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  sequence: 0x30,
  set: 0x31,
}

/** The single value that fills the bytes. */
export function readDer(bytes: Bytes): DerElement {
  const [element, ...others] = elementsOf(bytes)
  if (element === undefined || others.length > 0) throw badDer('it is not exactly one value')
  return element
}

/** The values inside a sequence, or inside another constructed value. */
export function childrenOf(element: DerElement | undefined, tag = TAG.sequence): DerElement[] {
  return [...elementsOf(contentOf(element, tag))]
}

/** The content of a value that must be there and have this tag. */
export function contentOf(element: DerElement | undefined, tag: number): Bytes {
  if (element?.tag !== tag) throw badDer('a value is missing or has another type')
  return element.content
}

/** A whole number that is not negative and fits into JavaScript's. */
export function numberOf(element: DerElement | undefined): number {
  const content = contentOf(element, TAG.integer)
  const value = bigEndian(content)
  if (content.length === 0 || (content[0] ?? 0) >= 0x80 || !Number.isSafeInteger(value)) {
    throw badDer('a number is out of range')
  }
  return value
}

/** Those of keys and certificates have about ten bytes. */
const MAX_OBJECT_ID_BYTES = 64

/** An object identifier in dotted form: `1.2.840.113549.1.1.1`. */
export function objectIdOf(element: DerElement | undefined): string {
  const bytes = contentOf(element, TAG.objectId)
  if (bytes.length > MAX_OBJECT_ID_BYTES) throw badDer('a name is too long')
  // Seven bits in each byte; the top bit says that the number goes on.
  const [first = 0, ...others] = String.fromCharCode(...bytes)
    // deno-lint-ignore no-control-regex
    .match(/[\x80-\xff]*[\x00-\x7f]/g)
    ?.map((part) => [...part].reduce((n, c) => n * 128 + (c.charCodeAt(0) & 0x7f), 0)) ?? []
  const root = Math.min(Math.floor(first / 40), 2)
  return [root, first - root * 40, ...others].join('.')
}

function* elementsOf(bytes: Bytes): Generator<DerElement> {
  for (let offset = 0; offset < bytes.length;) {
    const element = elementAt(bytes, offset)
    yield element
    offset += element.encoded.length
  }
}

function elementAt(bytes: Bytes, start: number): DerElement {
  const [tag, first] = bytes.subarray(start, start + 2)
  if (tag === undefined || first === undefined) throw badDer('it ends too early')
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if ((tag & 0x1f) === 0x1f || first === 0x80 || lengthBytes > 4) {
    throw badDer('a value has an unknown form')
  }
  const head = start + 2 + lengthBytes
  const end = head + (first < 0x80 ? first : bigEndian(bytes.subarray(start + 2, head)))
  if (end > bytes.length) throw badDer('it ends too early')
  return { tag, content: bytes.subarray(head, end), encoded: bytes.subarray(start, end) }
}

function bigEndian(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0)
}

function badDer(state: string) {
  return keyError('bad_der', `Cannot read the DER data of the key: ${state}`)
}
