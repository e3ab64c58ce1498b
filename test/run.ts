/**
 * Runs all checks: format, lint and types, the unit tests on Node, Bun and Deno, the stores on real
 * servers, and the contract, the faults and the short form of the attacks on all four runtimes. The last
 * line of output is
 * `N passed, N failed`.
 *
 *   npm test                      all steps
 *   npm test -- bun contract      only these steps
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { add, createPool, type Pool, type Result, runStep } from './run/execute.ts'
import type { Step, Tally } from './run/step.ts'
import { allSteps } from './run/steps.ts'
import { missingEngine } from './store/engines.ts'

/** Smaller groups of test files balance better, larger ones start faster. */
const GROUPS = Math.min(4, availableParallelism())
/** A step that runs alone has no other work beside its waits and its slowest group. */
const GROUPS_WHEN_ALONE = 2 * availableParallelism()

const root = fileURLToPath(new URL('../', import.meta.url))
const temporary = await mkdtemp(join(tmpdir(), 'gateway-tests-'))
try {
  const steps = await choose(process.argv.slice(2))
  const { passed, failed } = await runAll(steps)
  if (steps.some(({ name }) => /^(node|stores)$/.test(name))) await reportMissingEngines()
  print(`${passed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  await rm(temporary, { recursive: true, force: true })
}

async function choose(names: readonly string[]): Promise<Step[]> {
  const groupCount = names.length === 1 ? GROUPS_WHEN_ALONE : GROUPS
  const steps = await allSteps(root, temporary, groupCount)
  const unknown = names.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0) {
    print(
      `Unknown step ${unknown.join(', ')}. Steps: ${steps.map(({ name }) => name).join(', ')}\n`,
    )
    process.exit(2)
  }
  return steps.filter(({ name }) => names.length === 0 || names.includes(name))
}

/**
 * Runs two of the steps that start processes of their own at once, and beside them the others on as
 * many cores as there are: the former often wait, and no core may be idle meanwhile.
 */
async function runAll(steps: readonly Step[]): Promise<Tally> {
  const pool = createPool(steps.length === 1 ? GROUPS_WHEN_ALONE : availableParallelism())
  const parallelSteps = createPool(2)
  const tallies = await Promise.all(steps.map(async (step) => {
    const result = step.isParallel
      ? await parallelSteps(() => start(step, (work) => work()))
      : await start(step, pool)
    // As it ends: when the run is stopped from outside, its output says which steps were left.
    report(step, result)
    return result?.tally
  }))
  return add(tallies.filter((tally) => tally !== undefined))
}

/** Runs a step unless it cannot run on this machine. */
async function start(step: Step, pool: Pool): Promise<Result | undefined> {
  return step.skipped ? undefined : await runStep(step, pool, root, temporary)
}

function report({ name, skipped }: Step, result: Result | undefined): void {
  if (skipped) print(`${name}: skipped, ${skipped.reason}. To enable it: ${skipped.command}\n`)
  if (!result) return
  const { tally: { passed, failed }, failures, seconds } = result
  print(`${failures}${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)\n`)
}

/** The tests of these stores are skipped on a machine without the servers. */
async function reportMissingEngines(): Promise<void> {
  for (const program of ['redis-server', 'postgres'] as const) {
    const reason = await missingEngine(program)
    if (reason) print(`Tests of a store skipped, ${reason}\n`)
  }
}

function print(text: string): void {
  process.stdout.write(text)
}
