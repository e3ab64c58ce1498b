import type { Platform } from '../platform.ts'

/** The used options of undici's agent, which Node's `fetch` uses. */
type Agent = new (options: {
  headersTimeout: number
  bodyTimeout: number
  keepAliveTimeout: number
}) => object

/** Milliseconds that an idle connection stays open, because a TLS handshake is expensive. */
const KEEP_ALIVE = 30_000

/**
 * Creates Node's `fetch` without its timeouts of five minutes for headers and between chunks: a model
 * may reason longer, and the gateway has its own timeouts.
 */
export function createNodeFetch(): Platform['fetch'] {
  // Node creates the agent on the first use of the fetch API and does not export its class.
  void new Headers()
  const { [Symbol.for('undici.globalDispatcher.1')]: agent } = globalThis as unknown as Record<
    symbol,
    object | undefined
  >
  if (!agent) return (url, init) => fetch(url, init)
  const dispatcher = new (agent.constructor as Agent)({
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE,
  })
  return (url, init) => fetch(url, { ...init, dispatcher } as RequestInit)
}
