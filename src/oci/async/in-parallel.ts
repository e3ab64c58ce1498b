/**
 * Does `work` for every item, at most `limit` at once, and gives the results in the items' order.
 * The first failure ends what is still going on.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const abort = new AbortController()
  const stop = () => abort.abort(signal.reason)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  // Whoever is free takes the next.
  const queue = items.entries()
  const take = async () => {
    const done: [index: number, result: Result][] = []
    for (const [index, item] of queue) done.push([index, await work(item, abort.signal)])
    return done
  }
  try {
    const done = await Promise.all(Array.from({ length: Math.min(limit, items.length) }, take))
    return done.flat().sort(([one], [other]) => one - other).map(([, result]) => result)
  } catch (error) {
    abort.abort(error)
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
