import { type ChildProcess, fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { killServers, type Server, stopServers } from './processes.ts'

const children: ChildProcess[] = []

/**
 * Runs `work` with a temporary folder. Ends all child processes and servers and removes the folder
 * afterwards, also when the process is interrupted.
 */
export async function withProcesses<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'))
  process.once('exit', () => {
    killServers()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  try {
    return await work(folder)
  } finally {
    for (const child of children) child.disconnect()
    await stopServers()
  }
}

/** Starts a load generator, which runs one job at a time. */
export function startLoad(): ChildProcess {
  return start('load.ts')
}

/** Starts the stand-in for OCI. */
export function startUpstream(): Promise<Server> {
  const child = start('upstream.ts')
  return new Promise((resolve) =>
    child.once(
      'message',
      ({ port }: { port: number }) => resolve({ port, group: child.pid ?? 0 }),
    )
  )
}

function start(file: string): ChildProcess {
  const child = fork(new URL(file, import.meta.url))
  children.push(child)
  return child
}

/** Writes a line about the progress to standard error. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
