/** What the servers of the runtimes pass to a handler with each request. */
interface ServerBindings {
  /** `@hono/node-server` */
  incoming?: { socket?: { remoteAddress?: string } }
  /** `Bun.serve`, whose server some applications pass inside an object. */
  requestIP?(request: Request): { address: string } | null
  server?: ServerBindings
  /** `Deno.serve` */
  remoteAddr?: { hostname?: string }
}

/** The address of the client, from the `env` of a Hono application; `undefined` if it has none. */
export function peerAddressOf(env: unknown, request: Request): string | undefined {
  if (typeof env !== 'object' || env === null) return undefined
  const { incoming, remoteAddr, server } = env as ServerBindings
  const address = incoming?.socket?.remoteAddress ?? remoteAddr?.hostname
  if (address !== undefined) return address
  // A method of a server: it is called on its object.
  const bun = server ?? (env as ServerBindings)
  return typeof bun.requestIP === 'function' ? bun.requestIP(request)?.address : undefined
}
