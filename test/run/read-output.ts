import type { Tally } from './step.ts'

/** Lines of output that are shown when a runner names no failed test. */
const LAST_LINES = 60

/** The tally of Node's reporter `spec`. */
export function nodeTally(output: string): Tally {
  const count = (word: string) => lastNumber(output, new RegExp(`^ℹ ${word} (\\d+)$`, 'gm'))
  return { passed: count('pass'), failed: count('fail') + count('cancelled') }
}

/** The tally of `bun test`; an error outside of tests counts as a failed test. */
export function bunTally(output: string): Tally {
  const count = (word: string) => lastNumber(output, new RegExp(`^\\s*(\\d+) ${word}$`, 'gm'))
  return { passed: count('pass'), failed: count('fail') + count('errors?') }
}

/** The tally of `deno test`, which counts a `describe` as one test and the cases in it as steps. */
export function denoTally(output: string): Tally {
  const [, passed, passedSteps, failed, failedSteps] =
    /(\d+) passed(?: \((\d+) steps?\))? \| (\d+) failed(?: \((\d+) steps?\))?/.exec(output) ?? []
  return {
    passed: Number(passedSteps ?? passed ?? 0),
    failed: Number(failedSteps ?? failed ?? 0),
  }
}

/** The tally of programs that end with `N passed, N failed`. */
export function lastLineTally(output: string): Tally {
  const count = (word: string) => lastNumber(output, new RegExp(`(\\d+) ${word}`, 'gm'))
  return { passed: count('passed'), failed: count('failed') }
}

/** Node's reporter repeats the failed tests with their errors at the end. */
export function nodeFailures(output: string): string {
  return from(output, /^✖ failing tests:$/m) ?? lastLines(output)
}

/** Bun prints an error in front of the name of its test; lines of passed tests are left out. */
export function bunFailures(output: string): string {
  const lines = output.split('\n').filter((line) => !/^\((pass|skip|todo)\) /.test(line))
  return lines.join('\n').replaceAll(/\n{3,}/g, '\n\n')
}

/** Deno repeats the failed tests with their errors at the end. */
export function denoFailures(output: string): string {
  return from(output, /^ ERRORS\s*$/m) ?? lastLines(output)
}

/** The end of an output whose failures have no known form, without the lines of passed cases. */
export function lastLines(output: string): string {
  const lines = output.trimEnd().split('\n').filter((line) => !/^\s*[✓✔]/.test(line))
  return lines.slice(-LAST_LINES).join('\n')
}

function from(output: string, heading: RegExp): string | undefined {
  const at = output.search(heading)
  return at < 0 ? undefined : output.slice(at).trimEnd()
}

function lastNumber(text: string, pattern: RegExp): number {
  return Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0)
}
