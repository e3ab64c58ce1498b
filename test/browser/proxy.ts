import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A reverse proxy that serves a gateway below a path. */
export interface PrefixProxy {
  /** With the path, without a slash at its end. */
  url: string
  stop(): Promise<void>
}

/** Starts a proxy that removes `prefix` from paths, and knows nothing else. */
export async function startPrefixProxy(target: string, prefix: string): Promise<PrefixProxy> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming
    if (url !== prefix && !url.startsWith(`${prefix}/`)) {
      outgoing.writeHead(404).end()
      return
    }
    const path = url.slice(prefix.length) || '/'
    const forwarded = request(new URL(path, target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    forwarded.once('error', () => outgoing.destroy())
    outgoing.once('close', () => forwarded.destroy())
    incoming.pipe(forwarded)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  // The address of a server on a TCP port is an `AddressInfo`.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
