import { execFile } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { BIN, environment, ROOT } from '../../bench/processes.ts'
import type { Runtime } from '../runtimes/start.ts'

const COMMANDS: Readonly<Record<Exclude<Runtime, 'workers'>, readonly string[]>> = {
  node: ['node'],
  bun: ['bun', 'run'],
  deno: ['deno', 'run', '-A', '--no-check'],
}

/** Runs `npm run fuzz` on a runtime. Failures are written to stderr. */
export function fuzz(
  runtime: Exclude<Runtime, 'workers'>,
  name: string,
  runs: number,
): Promise<{ passed: number; failed: number }> {
  const [command = '', ...args] = COMMANDS[runtime]
  const all = [...args, 'test/fuzz/fuzz.ts', name, '--runs', String(runs)]
  return new Promise((resolve) =>
    execFile(
      join(BIN, command),
      all,
      { cwd: ROOT, env: environment() },
      (error, output, errors) => {
        const [, passed, failed] = /(\d+) passed, (\d+) failed\n$/.exec(output) ?? []
        if (error || failed === undefined) process.stderr.write(`${output}${errors}\n`)
        resolve({ passed: Number(passed ?? 0), failed: Number(failed ?? 1) })
      },
    )
  )
}
