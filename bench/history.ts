import { execFileSync } from 'node:child_process'
import { quantile, SECTIONS } from './lines.ts'
import { ROOT } from './processes.ts'
import { type BenchRun, valuesOf, VERSIONED, versionOf } from './report.ts'

/**
 * One line of `history.jsonl`: the date, the commit, the versions and the median of each figure by
 * runtime and label.
 */
export function historyLine(run: BenchRun): string {
  const { runtimes, rounds, seconds, load } = run
  const record = {
    date: new Date().toISOString(),
    commit: commitOf(),
    versions: Object.fromEntries(VERSIONED.map((name) => [name, versionOf(name)])),
    ...{ rounds: rounds.length, seconds, load },
    figures: Object.fromEntries(runtimes.map((runtime) => [runtime, figuresOf(run, runtime)])),
  }
  return `${JSON.stringify(record)}\n`
}

/** With `-dirty` if the checkout has changes. */
function commitOf(): string {
  return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], {
    cwd: ROOT,
    encoding: 'utf8',
  }).trim()
}

function figuresOf(
  { rounds }: BenchRun,
  runtime: BenchRun['runtimes'][number],
): Record<string, number> {
  const figures = SECTIONS.flatMap(({ title, lines }) =>
    lines.map((line): [string, number] => [
      `${title}; ${line.label}`,
      Number(quantile(valuesOf(line, runtime, rounds), 0.5).toFixed(3)),
    ])
  )
  return Object.fromEntries(figures.filter(([, value]) => !Number.isNaN(value)))
}
