/**
 * Runs everything: format, lint and types, the unit tests on Node, Bun and Deno, the contract, the
 * faults and the short form of the attacks on all four runtimes. The last line it prints is `N passed, N failed`.
 *
 *   npm test                      all of it
 *   npm test -- bun contract      only these steps
 */
import { spawn } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const bin = join(root, 'node_modules/.bin')

interface Tally {
  passed: number
  failed: number
}

interface Step {
  name: string
  command: readonly string[]
  /** Reads the tally out of what the command printed; a check without one counts as one test. */
  tally?(output: string): Tally
}

async function steps(): Promise<Step[]> {
  const units = await files('test/**/*.test.ts', (file) => !file.startsWith('test/runtimes/'))
  const runtimes = await files('test/runtimes/*.test.ts')
  const nodeTest = ['node', '--test', '--test-reporter=spec', '--test-timeout=120000']
  return [
    { name: 'format', command: ['deno', 'fmt', '--check', '--quiet'] },
    { name: 'lint', command: ['deno', 'lint', '--quiet'] },
    { name: 'types', command: ['tsc', '-p', '.'] },
    {
      name: 'node',
      command: [...nodeTest, `--test-concurrency=${availableParallelism()}`, ...units],
      tally: nodeTally,
    },
    {
      name: 'bun',
      command: ['bun', 'test', '--timeout', '120000', ...units.map((file) => `./${file}`)],
      tally: bunTally,
    },
    {
      name: 'deno',
      // Deno has the engine of Node: what takes linear time there does so here.
      command: [
        'deno',
        'test',
        '-A',
        '--no-check',
        '--quiet',
        '--parallel',
        ...units.filter(isQuick),
      ],
      tally: denoTally,
    },
    {
      name: 'contract',
      // The runtimes side by side: each test waits for another process most of the time.
      command: [...nodeTest, `--test-concurrency=${runtimes.length}`, ...runtimes],
      tally: nodeTally,
    },
    { name: 'faults', command: ['node', 'test/faults/faults.ts'], tally: lastLineTally },
    {
      name: 'attacks',
      command: ['node', 'test/attacks/attacks.ts', '--short'],
      tally: lastLineTally,
    },
  ]
}

/** Measurements of time, which take long. */
function isQuick(file: string): boolean {
  return !file.startsWith('test/attacks/') && file !== 'test/regular-expressions.test.ts'
}

async function files(pattern: string, isWanted = (_file: string) => true): Promise<string[]> {
  const found = await Array.fromAsync(glob(pattern, { cwd: root }))
  return found.map((file) => file.replaceAll('\\', '/')).filter(isWanted).sort()
}

function nodeTally(output: string): Tally {
  const count = (word: string) => Number(lastMatch(output, new RegExp(`^ℹ ${word} (\\d+)$`, 'gm')))
  return { passed: count('pass'), failed: count('fail') + count('cancelled') }
}

function bunTally(output: string): Tally {
  const count = (word: string) =>
    Number(lastMatch(output, new RegExp(`^\\s*(\\d+) ${word}$`, 'gm')))
  return { passed: count('pass'), failed: count('fail') }
}

/** Deno counts a `describe` as one test and the cases in it as its steps. */
function denoTally(output: string): Tally {
  const [, passed, passedSteps, failed, failedSteps] =
    /(\d+) passed(?: \((\d+) steps?\))? \| (\d+) failed(?: \((\d+) steps?\))?/.exec(output) ?? []
  return {
    passed: Number(passedSteps ?? passed ?? 0),
    failed: Number(failedSteps ?? failed ?? 0),
  }
}

function lastLineTally(output: string): Tally {
  const count = (word: string) => Number(lastMatch(output, new RegExp(`(\\d+) ${word}`, 'gm')))
  return { passed: count('passed'), failed: count('failed') }
}

function lastMatch(text: string, pattern: RegExp): string {
  return [...text.matchAll(pattern)].at(-1)?.[1] ?? '0'
}

async function run({ name, command, tally }: Step): Promise<Tally> {
  const began = performance.now()
  const { code, output } = await execute(command)
  const counted = tally?.(output) ?? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
  // A runner that fails without a failed test has failed all the same; so has one that ran none.
  const isBroken = (code !== 0 && counted.failed === 0) || counted.passed === 0
  const result = isBroken ? { ...counted, failed: Math.max(1, counted.failed) } : counted
  if (result.failed > 0) print(lastLines(output))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  print(`${name}: ${result.passed} passed, ${result.failed} failed (${seconds} s)\n`)
  return result
}

function execute(
  [program = '', ...args]: readonly string[],
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(bin, program), args, {
      cwd: root,
      env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Uint8Array) => output += String(bytes))
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** Runners name their failures at the end. */
function lastLines(output: string): string {
  return `${output.split('\n').slice(-200).join('\n')}\n`
}

function print(text: string): void {
  process.stdout.write(text)
}

const wanted = process.argv.slice(2)
const chosen = (await steps()).filter(({ name }) => wanted.length === 0 || wanted.includes(name))
let total: Tally = { passed: 0, failed: 0 }
for (const step of chosen) {
  const { passed, failed } = await run(step)
  total = { passed: total.passed + passed, failed: total.failed + failed }
}
print(`${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed === 0 ? 0 : 1
