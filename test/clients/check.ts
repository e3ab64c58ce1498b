import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Check, Client, Step } from './client.ts'
import { type Ended, runProgram } from './program.ts'
import type { Stage } from './stage.ts'

/** Where a client runs. */
export interface Ground {
  client: Client
  /** With its packages. */
  installed: string
  stage: Stage
  signal: AbortSignal
}

const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))
/** Seconds that a step may take. */
const LIMIT = 240
/** A proxy that is not there: what would leave this machine fails at once. */
const NOWHERE = 'http://127.0.0.1:9'

/** Runs a check in a home of its own; says what is wrong, `undefined` when nothing is. */
export async function runCheck(check: Check, ground: Ground): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'client-'))
  const work = join(folder, 'work')
  const { files, env } = ground.client.configure(ground.stage.settings)
  try {
    await mkdir(work)
    await writeAll(folder, { ...files, ...check.files })
    for (const [at, step] of check.steps.entries()) {
      const complaint = await runStep(step, { ...ground, home: folder, work, env })
      if (complaint !== undefined) return `step ${at + 1}: ${complaint}`
    }
    return undefined
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

interface Place extends Ground {
  home: string
  work: string
  env: Readonly<Record<string, string>>
}

async function runStep(step: Step, place: Place): Promise<string | undefined> {
  const before = place.stage.seen.length
  const ended = await runProgram({
    line: await commandOf(step, place),
    cwd: place.work,
    env: { ...surroundings(place.home), ...place.client.quiet, ...place.env },
    limit: LIMIT,
    signal: place.signal,
  })
  const text = new TextDecoder()
  const asked = place.stage.seen.slice(before)
    .map(({ path, body }) => `${path} ${text.decode(body)}`)
    .join('\n')
  const complaint = judge(step, ended, asked)
  return complaint && `${complaint}\n${lastLines(ended.output)}`
}

/** A script lies beside the packages, where Node looks for what it imports. */
async function commandOf({ run }: Step, place: Place): Promise<readonly string[]> {
  if (typeof run !== 'function') {
    const [program = '', ...rest] = place.client.program
    const path = join(place.installed, 'node_modules', program)
    const isScript = /\.[cm]?js$/.test(program)
    return [...(isScript ? ['node'] : []), path, ...rest, ...run]
  }
  const script = join(place.installed, 'script.mjs')
  await writeFile(script, run(place.stage.settings))
  return ['node', script]
}

function surroundings(home: string): Record<string, string> {
  return {
    PATH: `${BIN}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    TERM: 'dumb',
    CI: '1',
    NO_COLOR: '1',
    DO_NOT_TRACK: '1',
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
    NO_PROXY: '127.0.0.1,localhost',
  }
}

function judge(step: Step, { code, output, seconds }: Ended, asked: string): string | undefined {
  const { prints, never = [], asks = [], exit = 0, atLeast = 0 } = step
  if (code !== exit) return `ended with ${code ?? 'a signal'}, not ${exit}`
  const missing = prints.find((pattern) => !pattern.test(output))
  if (missing) return `did not print ${missing}`
  const unwanted = never.find((pattern) => pattern.test(output))
  if (unwanted) return `printed ${unwanted}`
  const unasked = asks.find((pattern) => !pattern.test(asked))
  if (unasked) return `OCI was not asked ${unasked}`
  return seconds < atLeast ? `took ${seconds.toFixed(1)} s, not ${atLeast}` : undefined
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-30).map((line) => `    ${line.slice(0, 400)}`).join('\n')
}
