/** The head of a request or an answer; names of headers in lower case. */
export interface HttpMessage {
  /** The first line. */
  start: string
  headers: ReadonlyMap<string, string>
  /** Bytes of the head, the blank line included. */
  size: number
}

export interface HttpBody {
  bytes: Uint8Array
  /** Whether the body is complete according to its framing. */
  whole: boolean
  /** Offset of its end in the message. */
  end: number
}

/** Reads a head; `undefined` until it is complete. */
export function readHead(bytes: Uint8Array): HttpMessage | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = buffer.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [start = '', ...lines] = buffer.toString('latin1', 0, end).split('\r\n')
  const headers = new Map(lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  }))
  return { start, headers, size: end + 4 }
}

/** The body received so far; without a length it ends with the connection. */
export function bodyOf(head: HttpMessage, bytes: Uint8Array): HttpBody {
  if (head.headers.get('transfer-encoding')?.toLowerCase() === 'chunked') {
    return readChunks(bytes, head.size)
  }
  const length = head.headers.get('content-length')
  const isRequest = !head.start.startsWith('HTTP/')
  if (length === undefined && !isRequest) {
    return { bytes: bytes.subarray(head.size), whole: false, end: bytes.length }
  }
  const end = head.size + Number(length ?? 0)
  return { bytes: bytes.subarray(head.size, end), whole: bytes.length >= end, end }
}

function readChunks(bytes: Uint8Array, from: number): HttpBody {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const parts: Uint8Array[] = []
  for (let at = from;;) {
    const line = buffer.indexOf('\r\n', at)
    const size = line < 0 ? NaN : parseInt(buffer.toString('latin1', at, line), 16)
    const start = line + 2
    if (!(start + size + 2 <= buffer.length)) {
      if (line >= 0 && size > 0) parts.push(buffer.subarray(start))
      return { bytes: Buffer.concat(parts), whole: false, end: buffer.length }
    }
    if (size === 0) return { bytes: Buffer.concat(parts), whole: true, end: start + 2 }
    parts.push(buffer.subarray(start, start + size))
    at = start + size + 2
  }
}
