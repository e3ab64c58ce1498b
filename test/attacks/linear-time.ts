import assert from 'node:assert/strict'

/** Milliseconds that may pass in any case: a busy machine stops a process for about as long. */
const PAUSE = 500
/** How many times longer than linear growth is still taken for linear. */
const TOLERANCE = 3
const FACTOR = 4

/**
 * Asserts that work on an input four times as large takes at most about twelve times as long, and
 * less than `cap` milliseconds. Each size is tried until it is fast enough, three times at most.
 */
export function assertLinear<Input>(
  make: (size: number) => Input,
  work: (input: Input) => unknown,
  { size, cap }: { size: number; cap: number },
): void {
  const [small, large] = [make(size), make(FACTOR * size)]
  const measure = (input: Input) => {
    const began = performance.now()
    work(input)
    return performance.now() - began
  }
  let [least, most] = [Infinity, Infinity]
  for (let trial = 0; trial < 3; trial++) {
    least = Math.min(least, measure(small))
    most = Math.min(most, measure(large))
    if (most <= limit(least, cap)) return
    if (most > 4 * cap) break
  }
  assert.fail(`${most.toFixed(0)} ms after ${least.toFixed(0)} ms for a quarter, cap ${cap} ms`)
}

function limit(least: number, cap: number): number {
  return Math.min(cap, FACTOR * TOLERANCE * least + PAUSE)
}
