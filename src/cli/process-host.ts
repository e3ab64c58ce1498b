import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'
import { fetchWithCa } from '../entry/fetch-with-ca.ts'
import { processFetch } from '../entry/process-fetch.ts'
import { processFiles } from '../entry/process-files.ts'
import type { Host, HostFiles, Runtime, TextInput, TextOutput } from './host.ts'
import { processNetwork } from './process-network.ts'

/** Columns where the terminal does not tell its width. */
const DEFAULT_COLUMNS = 80

/** Permissions of new files, which may contain keys. */
const OWNER_ONLY = 0o600

/** Creates the host of this process. Aborts its signal on SIGINT and SIGTERM. */
export function createProcessHost(): Host {
  const interruption = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => interruption.abort(new Error(`Interrupted by ${name}`)))
  }
  return {
    env: process.env,
    files: hostFiles,
    cwd: process.cwd(),
    stdin: createInput(),
    stdout: createOutput(process.stdout),
    stderr: createOutput(process.stderr),
    runtime: currentRuntime(),
    fetch: processFetch(),
    fetchWithCa,
    network: processNetwork,
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    signal: interruption.signal,
  }
}

function createOutput(stream: NodeJS.WriteStream): TextOutput {
  // A reader may close the pipe early, as `head` does.
  stream.on('error', () => {})
  const { env } = process
  const isTerminal = stream.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb'
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    get columns() {
      return stream.columns || DEFAULT_COLUMNS
    },
    hasColors: isTerminal && !env['NO_COLOR'],
  }
}

function createInput(): TextInput {
  return {
    isTerminal: process.stdin.isTTY === true,
    async readAll() {
      let text = ''
      process.stdin.setEncoding('utf8')
      for await (const chunk of process.stdin) text += chunk
      return text
    },
  }
}

function currentRuntime(): Runtime {
  const { versions } = process
  if (versions['bun']) return { name: 'bun', version: versions['bun'] }
  if (versions['deno']) return { name: 'deno', version: versions['deno'] }
  return { name: 'node', version: versions.node }
}

const hostFiles: HostFiles = {
  ...processFiles,
  readBytes,
  writeBytes,
  remove: (path) => rm(path, { force: true }),
}

async function readBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Writes to a temporary file and renames it, so that readers never see an incomplete file. */
async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${crypto.randomUUID()}`
  try {
    await writeFile(temporary, bytes, { mode: OWNER_ONLY, flag: 'wx' })
    await chmod(temporary, await permissionsOf(path))
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function permissionsOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mode & 0o777
  } catch (error) {
    if (isMissing(error)) return OWNER_ONLY
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
