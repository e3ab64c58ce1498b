import assert from 'node:assert/strict'

/** Milliseconds that a busy machine may add to any run. */
const SLACK = 250

/** How much longer than four times the time four times the size may take. */
const FACTOR = 3

/** Milliseconds that no linear step takes for these sizes, even on a busy machine. */
const CAP = 2_500

/** Runs after the first one, which a pause of the machine may have spoilt. */
const REPEATS = 3

/** Some work on an input of `size` bytes; the preparation of the input is not measured. */
export type Prepare = (size: number) => () => unknown

/**
 * Asserts that the time of a step grows linearly: four times the size takes about four times as
 * long. Stops at the first excess, so that a super-linear step fails instead of blocking the test.
 * @param size bytes of the smaller input
 */
export async function assertLinear(prepare: Prepare, size: number): Promise<void> {
  const small = prepare(size)
  // Once without measuring, so that the engine has compiled the code.
  const first = await timeOf(small)
  assert.ok(first < CAP, `${size} bytes take ${Math.round(first)} ms`)
  const large = prepare(4 * size)
  const base = Math.min(first, await timeOf(small))
  const limit = Math.min(CAP, 4 * FACTOR * base + SLACK)
  let best = Infinity
  for (let count = 0; count < REPEATS && best > limit; count++) {
    best = Math.min(best, await timeOf(large))
  }
  assert.ok(
    best <= limit,
    `${size} bytes take ${Math.round(base)} ms, four times as many ${Math.round(best)} ms`,
  )
}

/** Work on an input that is made before the time is taken. */
export function prepareInput<Input>(
  make: (size: number) => Input,
  work: (input: Input) => unknown,
): Prepare {
  return (size) => {
    const input = make(size)
    return () => work(input)
  }
}

async function timeOf(run: () => unknown): Promise<number> {
  const began = performance.now()
  await run()
  return performance.now() - began
}
