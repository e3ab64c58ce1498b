import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import type { Command, Step, Tally } from './step.ts'

/** The result of a step. */
export interface Result {
  tally: Tally
  /** The failed tests and their messages; empty when all passed. */
  failures: string
  /** Seconds from the start of its first command to the end of its last one. */
  seconds: number
}

/** Runs work as soon as a slot is free, in the order of the calls. */
export type Pool = <T>(work: () => Promise<T>) => Promise<T>

/** Milliseconds after which a command counts as hanging: several times what the longest one takes. */
const COMMAND_LIMIT = 30 * 60_000

/** Milliseconds that a hanging command has to end its own processes. */
const END_LIMIT = 10_000

/** Milliseconds after which a process that has ended must have no child left that can still print. */
const OUTPUT_LIMIT = 30_000

/** Creates a pool that runs at most `slots` pieces of work at once. */
export function createPool(slots: number): Pool {
  let free = slots
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

/**
 * Runs the commands of a step in a pool. A command that fails without a failed test, or that runs no
 * test, counts as a failed test.
 * @param temporary a directory for the compiled code of Node, which its processes share
 */
export async function runStep(
  step: Step,
  pool: Pool,
  root: string,
  temporary: string,
): Promise<Result> {
  let began: number | undefined
  const parts = await Promise.all(step.commands.map((command) =>
    pool(async () => {
      began ??= performance.now()
      return evaluate(step, await execute(command, root, temporary))
    })
  ))
  return {
    tally: add(parts.map(({ tally }) => tally)),
    failures: parts.map(({ failures }) => failures).filter((text) => text !== '').join('\n'),
    seconds: (performance.now() - (began ?? performance.now())) / 1_000,
  }
}

/** The sums of tallies. */
export function add(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
  }
}

interface Ended {
  code: number
  output: string
}

function evaluate({ tally, failures }: Step, { code, output }: Ended): Omit<Result, 'seconds'> {
  const counted = tally?.(output) ?? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
  const isBroken = (code !== 0 && counted.failed === 0) || counted.passed === 0
  const failed = isBroken ? Math.max(1, counted.failed) : counted.failed
  return {
    tally: { passed: counted.passed, failed },
    failures: failed === 0 ? '' : `${(failures?.(output) ?? output).trim()}\n`,
  }
}

function execute(command: Command, root: string, temporary: string): Promise<Ended> {
  const [program, ...args] = command
  const bin = join(root, 'node_modules/.bin')
  return new Promise((resolve, reject) => {
    const child = spawn(join(bin, program), args, {
      cwd: root,
      env: {
        ...process.env,
        PATH: `${bin}:${process.env['PATH'] ?? ''}`,
        NO_COLOR: '1',
        NODE_COMPILE_CACHE: join(temporary, 'compiled'),
        BUNDLES: temporary,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const outputs = [child.stdout, child.stderr]
    for (const stream of outputs) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => output += text)
    }
    let isGivenUp = false
    let killTimer: NodeJS.Timeout | undefined
    const giveUp = (reason: string) => {
      isGivenUp = true
      output += `\n${reason}: ${command.join(' ')}\n`
      // A runner that ends by itself also ends the servers that its tests have started.
      child.kill('SIGTERM')
      killTimer = setTimeout(() => child.kill('SIGKILL'), END_LIMIT)
      for (const stream of outputs) stream.destroy()
    }
    const limit = setTimeout(
      giveUp,
      COMMAND_LIMIT,
      `Did not end within ${COMMAND_LIMIT / 60_000} min`,
    )
    let inherited: NodeJS.Timeout | undefined
    child.once('exit', () => {
      inherited = setTimeout(giveUp, OUTPUT_LIMIT, 'Left processes behind that hold its output')
    })
    child.once('error', reject)
    child.once('close', (code) => {
      for (const timer of [limit, inherited, killTimer]) clearTimeout(timer)
      resolve({ code: isGivenUp ? 1 : code ?? 1, output })
    })
  })
}
