import { type Bytes, concatBytes } from './bytes.ts'
import { keyError } from './key-error.ts'

/** One DER element (X.690), as views on the bytes it was read from. */
export interface DerElement {
  tag: number
  content: Bytes
  /** Tag, length and content. */
  encoded: Bytes
}

/** The tags of the types that keys and certificates consist of. */
export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  sequence: 0x30,
  set: 0x31,
}

/** Real object identifiers have about ten bytes. The limit bounds the work for a hostile file. */
const MAX_OBJECT_ID_BYTES = 64

/** Reads the one element that fills the bytes. Throws `bad_der` if there are none or several. */
export function readDer(bytes: Bytes): DerElement {
  const [element, ...others] = elementsOf(bytes)
  if (element === undefined || others.length > 0) throw badDer('expected exactly one element')
  return element
}

/** Reads the elements inside a sequence, or inside another constructed type. */
export function childrenOf(element: DerElement | undefined, tag = TAG.sequence): DerElement[] {
  return [...elementsOf(contentOf(element, tag))]
}

/** Returns the content of a required element. Throws `bad_der` if it is missing or another type. */
export function contentOf(element: DerElement | undefined, tag: number): Bytes {
  if (element?.tag !== tag) throw badDer('an element is missing or has the wrong type')
  return element.content
}

/** Reads a non-negative integer up to `Number.MAX_SAFE_INTEGER`. */
export function numberOf(element: DerElement | undefined): number {
  const content = contentOf(element, TAG.integer)
  const value = fromBigEndian(content)
  if (content.length === 0 || (content[0] ?? 0) >= 0x80 || !Number.isSafeInteger(value)) {
    throw badDer('a number is out of range')
  }
  return value
}

/** Reads an object identifier in dotted form: `1.2.840.113549.1.1.1`. */
export function objectIdOf(element: DerElement | undefined): string {
  const bytes = contentOf(element, TAG.objectId)
  if (bytes.length > MAX_OBJECT_ID_BYTES) throw badDer('an object identifier is too long')
  // Base 128: the top bit of a byte marks that the number continues in the next one.
  const [first = 0, ...others] = String.fromCharCode(...bytes)
    // deno-lint-ignore no-control-regex
    .match(/[\x80-\xff]*[\x00-\x7f]/g)
    ?.map((part) => [...part].reduce((n, c) => n * 128 + (c.charCodeAt(0) & 0x7f), 0)) ?? []
  const root = Math.min(Math.floor(first / 40), 2)
  return [root, first - root * 40, ...others].join('.')
}

/** Encodes one element from its tag and the parts of its content. */
export function writeDer(tag: number, ...parts: Uint8Array[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return concatBytes(Uint8Array.of(tag, ...encodeLength(length)), ...parts)
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
  if (tag === undefined || first === undefined) throw badDer('it is truncated')
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if ((tag & 0x1f) === 0x1f || first === 0x80 || lengthBytes > 4) {
    throw badDer('an element has an unsupported form')
  }
  const head = start + 2 + lengthBytes
  const end = head + (first < 0x80 ? first : fromBigEndian(bytes.subarray(start + 2, head)))
  if (end > bytes.length) throw badDer('it is truncated')
  return { tag, content: bytes.subarray(head, end), encoded: bytes.subarray(start, end) }
}

function fromBigEndian(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0)
}

function encodeLength(length: number): number[] {
  if (length < 0x80) return [length]
  const digits = toBigEndian(length)
  return [0x80 + digits.length, ...digits]
}

function toBigEndian(value: number): number[] {
  return value === 0 ? [] : [...toBigEndian(Math.floor(value / 256)), value % 256]
}

function badDer(state: string) {
  return keyError('bad_der', `Cannot read the DER data of the key: ${state}`)
}
