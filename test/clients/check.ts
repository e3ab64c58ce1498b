import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Check, Client, Step } from './client.ts'
import { configure, restore } from './configure.ts'
import { environmentOf } from './home.ts'
import { type Ended, runProgram } from './program.ts'
import type { Stage } from './stage.ts'

/** The environment in which a client runs. */
export interface CheckContext {
  client: Client
  /** The folder with its packages. */
  installed: string
  stage: Stage
  signal: AbortSignal
}

/** The time limit of a step in seconds. */
const TIME_LIMIT = 240

/** Runs a check in a separate home; returns what is wrong, or `undefined` on success. */
export async function runCheck(check: Check, context: CheckContext): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'client-'))
  const work = join(folder, 'work')
  const { client, stage } = context
  try {
    await mkdir(work)
    await writeAll(folder, { ...client.files?.(stage.connection), ...check.files })
    const env = await configure(folder, context)
    for (const [at, step] of check.steps.entries()) {
      const problem = await runStep(step, { ...context, home: folder, work, env })
      if (problem !== undefined) return `step ${at + 1}: ${problem}`
    }
    return await restore(folder, context)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function writeAll(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

interface StepContext extends CheckContext {
  home: string
  work: string
  env: Readonly<Record<string, string>>
}

async function runStep(step: Step, context: StepContext): Promise<string | undefined> {
  const before = context.stage.seen.length
  const ended = await runProgram({
    line: await commandOf(step, context),
    cwd: context.work,
    env: {
      ...environmentOf(context.home),
      ...context.client.quiet,
      ...context.env,
      ...step.env?.(context.stage.connection),
    },
    limit: TIME_LIMIT,
    signal: context.signal,
  })
  const text = new TextDecoder()
  const received = context.stage.seen.slice(before)
    .map(({ path, body }) => `${path} ${text.decode(body)}`)
    .join('\n')
  const problem = judge(step, ended, received) ?? await judgeFiles(step, context.home)
  return problem && `${problem}\n${lastLines(ended.output)}`
}

/** Writes scripts next to the packages, where Node finds their imports. */
async function commandOf({ run }: Step, context: StepContext): Promise<readonly string[]> {
  if (typeof run !== 'function') {
    const [program = '', ...rest] = context.client.program
    const path = join(context.installed, 'node_modules', program)
    const isScript = /\.[cm]?js$/.test(program)
    return [...(isScript ? ['node'] : []), path, ...rest, ...run]
  }
  const script = join(context.installed, 'script.mjs')
  await writeFile(script, run(context.stage.connection))
  return ['node', script]
}

function judge(step: Step, { code, output, seconds }: Ended, received: string): string | undefined {
  const { prints, never = [], sends = [], exit = 0, atLeast = 0 } = step
  if (code !== exit) return `ended with ${code ?? 'a signal'}, not ${exit}`
  const missing = prints.find((pattern) => !pattern.test(output))
  if (missing) return `did not print ${missing}`
  const forbidden = never.find((pattern) => pattern.test(output))
  if (forbidden) return `printed ${forbidden}`
  const unsent = sends.find((pattern) => !pattern.test(received))
  if (unsent) return `OCI did not receive ${unsent}`
  return seconds < atLeast ? `took ${seconds.toFixed(1)} s, not ${atLeast}` : undefined
}

async function judgeFiles({ leaves = {} }: Step, home: string): Promise<string | undefined> {
  for (const [path, pattern] of Object.entries(leaves)) {
    const content = await readFile(join(home, path), 'utf8').catch(() => undefined)
    if (content === undefined) return `did not write ${path}`
    if (!pattern.test(content)) return `did not write ${pattern} to ${path}`
  }
  return undefined
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-30).map((line) => `    ${line.slice(0, 400)}`).join('\n')
}
