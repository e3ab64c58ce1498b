/** A request that posts `body`; a stream has no length that is told. */
export function post(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  const init = { method: 'POST', body, headers, duplex: 'half' }
  return new Request('http://localhost/v1/chat/completions', init)
}

/** A body in pieces, of which nobody knows how many will come. */
export function pieces(...texts: (string | Uint8Array<ArrayBuffer>)[]): ReadableStream {
  const encoder = new TextEncoder()
  const left = texts.map((text) => typeof text === 'string' ? encoder.encode(text) : text)
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift()
      if (piece === undefined) controller.close()
      else controller.enqueue(piece)
    },
  })
}
