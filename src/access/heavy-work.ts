/** Waits until heavy synchronous work may begin. */
export type YieldToEventLoop = () => Promise<void>

/** Size in bytes from which a body counts as heavy. Below it, waiting costs more than the work. */
export const HEAVY_BODY = 256 * 1024

/**
 * Iterations of the event loop between two heavy steps. A small request needs about three: to accept
 * the connection, to read the request, and to send the response. With one iteration it would wait for
 * three heavy steps.
 */
const ITERATIONS = 4

/**
 * Creates the queue of heavy work. Between two steps the event loop runs some iterations, so that
 * other requests are served between the steps of many large ones. Without `shared`, for Workers,
 * where requests must not share promises, each step only yields once.
 */
export function createEventLoopYield({ shared }: { shared: boolean }): YieldToEventLoop {
  if (!shared) return yieldOnce
  let last = Promise.resolve()
  return () => last = last.then(yieldLongEnough)
}

async function yieldLongEnough(): Promise<void> {
  for (let count = 0; count < ITERATIONS; count++) await yieldOnce()
}

/** Uses a timer, because microtasks run before the event loop reads from the network. */
function yieldOnce(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}
