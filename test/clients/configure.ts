import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CheckContext } from './check.ts'
import { environmentOf } from './home.ts'
import { type Ended, runProgram } from './program.ts'

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
/** Models that checks name besides the default one. */
const MODELS = 'openai.gpt-oss-120b,meta.llama-3.3-70b-instruct'
const TIME_LIMIT = 60

/**
 * Configures a client by `oci-gateway connect --write`, and returns the variables that it prints.
 * @throws with the output of the command when it fails
 */
export async function configure(
  home: string,
  context: CheckContext,
): Promise<Readonly<Record<string, string>>> {
  const { definition: { files, env }, connection: { url, key } } = partsOf(context)
  if (files.length === 0 && env === undefined) return {}
  const target = ['--url', url, '--key', key, '--models', MODELS]
  const ended = await connect(['--write', '--no-wait', '--json', ...target], home, context)
  if (ended.code !== 0) throw new Error(`connect --write ended with ${ended.code}: ${ended.output}`)
  const report: { changed: boolean; env: Record<string, string> } = JSON.parse(ended.output)
  if (report.changed !== files.length > 0) throw new Error(`connect --write: ${ended.output}`)
  return report.env
}

/** Restores a client's files by `--undo`; returns what differs from the files before. */
export async function restore(home: string, context: CheckContext): Promise<string | undefined> {
  const { definition: { files }, connection } = partsOf(context)
  if (files.length === 0) return undefined
  const before = context.client.files?.(connection) ?? {}
  const first = await connect(['--undo', '--json'], home, context)
  // Some clients change their own configuration while they run.
  const isRefused = first.code !== 0 && first.output.includes('was changed after')
  const ended = isRefused ? await connect(['--undo', '--force', '--json'], home, context) : first
  if (ended.code !== 0) return `connect --undo ended with ${ended.code}: ${ended.output}`
  for (const { path } of files) {
    const content = await readFile(join(home, path), 'utf8').catch(() => undefined)
    if (content !== before[path]) return `connect --undo did not restore ${path}`
  }
  return undefined
}

function partsOf({ client: { definition }, stage: { connection } }: CheckContext) {
  return { definition, connection }
}

function connect(flags: readonly string[], home: string, context: CheckContext): Promise<Ended> {
  const { definition: { name } } = partsOf(context)
  return runProgram({
    line: ['node', CLI, 'connect', name, ...flags, '--home', home],
    cwd: home,
    env: environmentOf(home),
    limit: TIME_LIMIT,
    signal: context.signal,
  })
}
