import type { Platform } from '../platform.ts'

/** What is used of the agent behind Node's `fetch`. */
type Agent = new (options: {
  headersTimeout: number
  bodyTimeout: number
  keepAliveTimeout: number
}) => object

/** How long, in milliseconds, an idle connection is kept: a handshake costs more than all else. */
const KEEP = 30_000

/**
 * Node's `fetch` without its own limits of five minutes until an answer and between its pieces, in
 * which a model may well think: the gateway's limits are the ones that count.
 */
export function createNodeFetch(): Platform['fetch'] {
  // Node has no other name for it, and makes it when anything of `fetch` is first used.
  void new Headers()
  const { [Symbol.for('undici.globalDispatcher.1')]: agent } = globalThis as unknown as Record<
    symbol,
    object | undefined
  >
  if (!agent) return (url, init) => fetch(url, init)
  const dispatcher = new (agent.constructor as Agent)({
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP,
  })
  return (url, init) => fetch(url, { ...init, dispatcher } as RequestInit)
}
