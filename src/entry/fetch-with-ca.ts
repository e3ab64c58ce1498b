import { request } from 'node:https'

/**
 * `fetch` over TLS that trusts only one certificate authority and follows no redirects. It uses
 * `node:https`, which works the same on Node, Bun and Deno; their own `fetch` functions differ.
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
      incoming.on('data', (chunk: string) => text += chunk)
      incoming.once('error', reject)
      incoming.once(
        'end',
        () => resolve(new Response(text, { status: incoming.statusCode ?? 500 })),
      )
    })
    outgoing.once('error', reject)
    // The gateway sends only bytes, which both APIs accept.
    outgoing.end(body as Uint8Array | undefined)
  })
}
