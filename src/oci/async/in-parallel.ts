import type { AbortState } from '../../abort.ts'
import { childController } from './child-controller.ts'

/**
 * Runs `work` for every item, at most `limit` at once, and returns the results in the order of the
 * items. The first failure aborts the running work.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  signal: AbortState,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const controller = childController(signal)
  // The workers share one iterator, so each takes the next unprocessed item.
  const queue = items.entries()
  const runWorker = async () => {
    const done: [index: number, result: Result][] = []
    for (const [index, item] of queue) done.push([index, await work(item, controller.signal)])
    return done
  }
  try {
    const workers = Array.from({ length: Math.min(limit, items.length) }, runWorker)
    const done = await Promise.all(workers)
    return done.flat().sort(([one], [other]) => one - other).map(([, result]) => result)
  } catch (error) {
    controller.abort(error)
    throw error
  }
}
