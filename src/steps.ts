/**
 * Work on a request in steps. Each `yield` marks a place where other requests may be served. It is no
 * promise, so that the same code runs at once for a small request.
 */
export type Steps<Result> = Generator<undefined, Result, undefined>

/** Milliseconds of work after which other requests are served. */
const MAX_WORK = 20

/** Runs all steps without a pause. */
export function runAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/**
 * Runs the steps of a large request. Waits for other requests after each step that ends 20 ms or more
 * after the last pause.
 * @param yieldToEventLoop absent for a small request, whose steps run at once
 * @param now a clock in milliseconds
 */
export function runInSteps<Result>(
  steps: Steps<Result>,
  yieldToEventLoop: (() => Promise<void>) | undefined,
  now: () => number = () => performance.now(),
): Result | Promise<Result> {
  return yieldToEventLoop ? runWithPauses(steps, yieldToEventLoop, now) : runAtOnce(steps)
}

async function runWithPauses<Result>(
  steps: Steps<Result>,
  yieldToEventLoop: () => Promise<void>,
  now: () => number,
): Promise<Result> {
  for (let began = now();;) {
    const step = steps.next()
    if (step.done) return step.value
    if (now() - began < MAX_WORK) continue
    await yieldToEventLoop()
    began = now()
  }
}

/** Maps a list, each item in a step. */
export function* mapInSteps<Item, Result>(
  items: readonly Item[],
  map: (item: Item, index: number) => Result,
): Steps<Result[]> {
  const results: Result[] = []
  for (const [index, item] of items.entries()) {
    results.push(map(item, index))
    yield
  }
  return results
}
