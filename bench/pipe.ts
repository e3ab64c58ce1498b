/**
 * The lower bound for a gateway on a runtime: sends a request to the URL in its header `x-upstream` and
 * pipes the answer back, without signature or translation. With `x-javascript` the answer passes
 * through JavaScript, as any translation requires; without it, some runtimes pipe in native code.
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
    const isJavaScript = request.headers.has('x-javascript') && answer.body !== null
    const body = isJavaScript ? readAndWrite(answer.body) : answer.body
    return new Response(body, { headers: { 'content-type': type } })
  },
}

function readAndWrite(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}
