import assert from 'node:assert/strict'
import { asyncCpuTimeOf } from '../cpu-time.ts'

/** Milliseconds of processor time that garbage collection and a busy cache may add to a run. */
const SLACK = 40

/** The allowed factor above four times the time for four times the size. */
const FACTOR = 3

/** Milliseconds that linear work never takes for these sizes. */
const CAP = 2_500

/** Runs that must all exceed the limit: on a busy machine the engine compiles code late. */
const REPEATS = 10

/** A run beyond this multiple of the limit, and this many milliseconds, fails at once. */
const CLEAR_EXCESS = 5
const CLEAR_EXCESS_MS = 1_500

/** Prepares an input of `size` bytes and returns the work to measure. */
export type Prepare = (size: number) => () => unknown

/**
 * Asserts that the processor time of a step grows linearly: four times the size takes about four
 * times as long. Stops at the first excess, so that a super-linear step fails instead of blocking
 * the test.
 * @param size bytes of the smaller input
 */
export async function assertLinear(prepare: Prepare, size: number): Promise<void> {
  const small = prepare(size)
  // A first run without measurement, so that the engine has compiled the code.
  const first = await asyncCpuTimeOf(small)
  assert.ok(first < CAP, `${size} bytes take ${Math.round(first)} ms`)
  const large = prepare(4 * size)
  let best = await asyncCpuTimeOf(large)
  if (best <= SLACK) return
  const base = Math.min(first, await asyncCpuTimeOf(small))
  const limit = Math.min(CAP, 4 * FACTOR * base + SLACK)
  for (let count = 1; count < REPEATS && best > limit; count++) {
    if (best > Math.max(CLEAR_EXCESS * limit, CLEAR_EXCESS_MS)) break
    best = Math.min(best, await asyncCpuTimeOf(large))
  }
  assert.ok(
    best <= limit,
    `${size} bytes take ${Math.round(base)} ms, four times as many ${Math.round(best)} ms`,
  )
}

/** Work on an input that is prepared before the measurement. */
export function prepareInput<Input>(
  make: (size: number) => Input,
  work: (input: Input) => unknown,
): Prepare {
  return (size) => {
    const input = make(size)
    return () => work(input)
  }
}
