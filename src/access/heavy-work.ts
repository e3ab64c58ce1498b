/** Waits until a piece of heavy synchronous work may begin. */
export type TakeTurn = () => Promise<void>

/** Bodies below this, in bytes, are handled so fast that waiting would cost more. */
export const HEAVY_BODY = 256 * 1024

/**
 * Creates the queue of heavy work: each piece begins in a turn of the event loop of its own, so that
 * however many large requests arrive together, other requests are answered between two pieces.
 * Where promises must not be shared between requests, as on Workers, each piece only yields.
 */
export function createTurns({ shared }: { shared: boolean }): TakeTurn {
  if (!shared) return nextTurn
  let last = Promise.resolve()
  return () => last = last.then(nextTurn)
}

/** A timer, since promises and microtasks run before the event loop looks at the network. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}
