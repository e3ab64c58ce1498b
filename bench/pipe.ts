/**
 * The lower bound for a gateway on a runtime: a reverse proxy without signature or translation, which
 * sends a request with its headers and body to the URL in its header `x-upstream`, and returns the answer
 * with its status, headers and body. With `x-javascript` the body of the answer passes through
 * JavaScript, as any translation requires; without it, some runtimes pipe in native code. Node has
 * `node-pipe.ts`.
 */
export default {
  async fetch({ method, headers, body }: Request): Promise<Response> {
    const upstream = headers.get('x-upstream')
    if (upstream === null) return new Response('ready')
    const init: RequestInit = { method, headers, body }
    const answer = await fetch(upstream, Object.assign(init, { duplex: 'half' }))
    const isJavaScript = headers.has('x-javascript') && answer.body !== null
    const { status } = answer
    return new Response(isJavaScript ? readAndWrite(answer.body) : answer.body, {
      status,
      headers: answer.headers,
    })
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
