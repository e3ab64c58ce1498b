import { request } from 'node:https'

/**
 * `fetch` over TLS that trusts one authority only. By `node:https`, which takes one on Node, Bun
 * and Deno alike; their own `fetch` does it in three ways or not at all. It follows no redirect.
 */
export function fetchWithCa(
  url: string,
  { method = 'GET', headers, body, signal }: RequestInit,
  authority: string,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ca: authority,
      agent: false,
      ...(signal && { signal }),
    }, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (piece: string) => text += piece)
      incoming.once('error', reject)
      incoming.once(
        'end',
        () => resolve(new Response(text, { status: incoming.statusCode ?? 500 })),
      )
    })
    outgoing.once('error', reject)
    // What the gateway sends is bytes, which both APIs take.
    outgoing.end(body as Uint8Array | undefined)
  })
}
