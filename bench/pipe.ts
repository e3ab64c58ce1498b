/**
 * The least a gateway can do on a runtime: pass a request on to where its header `x-upstream`
 * says, and pipe the answer back. No signature, no translation, nothing read. With `x-by-hand` the
 * answer passes through JavaScript, which must happen where its end is to be seen: some runtimes
 * pipe without it.
 */
export default {
  async fetch(request: Request): Promise<Response> {
    const upstream = request.headers.get('x-upstream')
    if (upstream === null) return new Response('ready')
    const answer = await fetch(upstream, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: await request.arrayBuffer(),
    })
    const type = answer.headers.get('content-type') ?? ''
    const isByHand = request.headers.has('x-by-hand') && answer.body !== null
    const body = isByHand ? readByHand(answer.body) : answer.body
    return new Response(body, { headers: { 'content-type': type } })
  },
}

function readByHand(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}
