import { chmod, lstat, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'
import { fetchWithCa } from '../../entry/fetch-with-ca.ts'
import { processFetch } from '../../entry/process-fetch.ts'
import { processFiles } from '../../entry/process-files.ts'
import type { FileState, Host, HostFiles, Runtime } from '../host.ts'
import { createInput } from './input.ts'
import { lockFile } from './lock-file.ts'
import { makeFolder } from './make-folder.ts'
import { processNetwork } from './network.ts'
import { createOutput } from './output.ts'

/** Permissions of new files, which may contain keys. */
const OWNER_ONLY = 0o600

/** Creates the host of this process. Aborts its signal on SIGINT and SIGTERM. */
export function createProcessHost(): Host {
  const { signal, onInterrupt } = watchSignals()
  return {
    signal,
    onInterrupt,
    env: process.env,
    files: hostFiles,
    // Read when it is needed: it fails in a folder that was removed.
    get cwd() {
      return currentFolder()
    },
    stdin: createInput(),
    stdout: createOutput(process.stdout),
    stderr: createOutput(process.stderr),
    runtime: currentRuntime(),
    fetch: processFetch(),
    fetchWithCa,
    openPrompts: async () => (await import('../init/clack-prompts.ts')).createClackPrompts(signal),
    async openStore(location, counters) {
      const { openStore } = await import('../../entry/open-store.ts')
      return await openStore(location, counters)
    },
    network: processNetwork,
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    schedule(ms, action) {
      const timer = setTimeout(action, ms)
      return () => clearTimeout(timer)
    },
  }
}

/** The runtimes have messages of their own, without advice. */
function currentFolder(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw new Error('The current folder does not exist any more. Change to another one', { cause })
  }
}

function watchSignals(): Pick<Host, 'signal' | 'onInterrupt'> {
  const interruption = new AbortController()
  let intercept: (() => void) | undefined
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    const onSignal = () => {
      if (name === 'SIGINT' && intercept) return intercept()
      // The next signal ends the process.
      process.off(name, onSignal)
      interruption.abort(new Error(`Interrupted by ${name}`))
    }
    process.on(name, onSignal)
  }
  return {
    signal: interruption.signal,
    onInterrupt(action) {
      intercept = action
      return () => intercept = undefined
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
  lock: lockFile,
  inspect,
  remove: (path) => rm(path, { force: true }),
}

function readBytes(path: string): Promise<Uint8Array | undefined> {
  return unlessMissing(readFile(path))
}

/** Writes to a temporary file and renames it, so that readers never see an incomplete file. */
async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolder(dirname(path))
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
  const found = await unlessMissing(stat(path))
  return found ? found.mode & 0o777 : OWNER_ONLY
}

async function inspect(path: string): Promise<FileState> {
  const link = await unlessMissing(lstat(path))
  if (link === undefined) return { type: 'missing' }
  const target = await unlessMissing(stat(path))
  if (target === undefined) return { type: 'dangling link' }
  if (!target.isFile()) return { type: 'other' }
  return {
    type: 'file',
    path: link.isSymbolicLink() ? await realpath(path) : path,
    // A file can be replaced although it is read-only, which its owner does not expect.
    isReadOnly: (target.mode & 0o200) === 0,
    isOfOtherUser: process.getuid !== undefined && target.uid !== process.getuid(),
  }
}

async function unlessMissing<Result>(result: Promise<Result>): Promise<Result | undefined> {
  try {
    return await result
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
