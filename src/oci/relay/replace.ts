type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()

/**
 * Creates a function that replaces each occurrence of a text in bytes. Without an occurrence it
 * returns the same array. Decoding, replacing and encoding takes two to three times as long (measured).
 */
export function createReplacer(from: string, to: string): (bytes: Bytes) => Bytes {
  const find = createFinder(encoder.encode(from))
  const [{ length }, replacement] = [encoder.encode(from), encoder.encode(to)]
  return function replace(bytes: Bytes): Bytes {
    const offsets: number[] = []
    for (let at = find(bytes, 0); at >= 0; at = find(bytes, at + length)) offsets.push(at)
    if (offsets.length === 0) return bytes
    const all = new Uint8Array(bytes.length + offsets.length * (replacement.length - length))
    let read = 0
    let written = 0
    for (const at of offsets) {
      all.set(bytes.subarray(read, at), written)
      written += at - read
      all.set(replacement, written)
      written += replacement.length
      read = at + length
    }
    all.set(bytes.subarray(read), written)
    return all
  }
}

/** Finds the next offset of a text, or -1, by Horspool's algorithm, which skips most bytes. */
function createFinder(needle: Bytes): (bytes: Bytes, from: number) => number {
  const last = needle.length - 1
  const skips = new Map([...needle.subarray(0, last)].map((byte, at) => [byte, last - at]))
  const steps = Uint32Array.from({ length: 256 }, (_, byte) => skips.get(byte) ?? needle.length)
  return (bytes, from) => {
    for (let at = from + last; at < bytes.length; at += steps[bytes[at] ?? 0] ?? 1) {
      let matching = 0
      while (matching <= last && bytes[at - matching] === needle[last - matching]) matching++
      if (matching > last) return at - last
    }
    return -1
  }
}
