import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** Where the runtimes are that `npm ci` brings. */
export const BIN = join(ROOT, 'node_modules/.bin')

/** A server under measurement, with everything it started. */
export interface Server {
  port: number
  /** The process group: everything the command started. */
  group: number
}

const running = new Set<ChildProcess>()

/** Starts a command as a group of its own and waits until `port` answers HTTP. */
export async function startServer(
  [command = '', ...args]: readonly string[],
  port: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const child = spawn(join(BIN, command), args, {
    cwd: ROOT,
    env: { ...environment(), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  running.add(child)
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => errors += bytes)
  const began = performance.now()
  while (!await answers(port)) {
    const isOver = child.exitCode !== null || performance.now() - began > 30_000
    if (isOver) throw new Error(`Cannot start "${command} ${args.join(' ')}": ${errors}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { port, group: child.pid ?? 0 }
}

/** Nothing of the person who runs the bench but the path to the runtimes. */
export function environment(): Record<string, string> {
  return { PATH: `${BIN}:${process.env['PATH'] ?? ''}`, HOME: process.env['HOME'] ?? '' }
}

/** Ends every group that was started; the promise resolves when all are gone. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map(stop))
}

/** The same on the way out, when there is no time to wait. */
export function killServers(): void {
  for (const { pid, exitCode } of running) {
    if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL')
  }
}

/** A port nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? address?.port ?? 0 : 0))
    })
  })
}

/** The processes of a group; none where there is no /proc. */
export function membersOf(group: number): readonly number[] {
  return foldersOf('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(statOf(pid)[PROCESS_GROUP]) === group)
}

/**
 * Begins to count; the function tells the microseconds of processor time, user and system, that these
 * processes have used since. By thread, since only there the kernel tells it in nanoseconds, where
 * its hundredths of a second would be a twentieth of a window; a thread that ended is left out.
 */
export function countCpu(pids: readonly number[]): () => number {
  const before = timesOf(pids)
  return () =>
    [...timesOf(pids)].reduce((sum, [task, time]) => sum + time - (before.get(task) ?? 0), 0)
}

/** Microseconds by the folder of each thread; see proc-schedstat in the kernel's documentation. */
function timesOf(pids: readonly number[]): ReadonlyMap<string, number> {
  const tasks = pids.flatMap((pid) =>
    foldersOf(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`)
  )
  return new Map(
    tasks.map((task) => [task, Number(textOf(`${task}/schedstat`).split(' ')[0]) / 1000]),
  )
}

/** The place in /proc/«pid»/stat behind the command's name (proc_pid_stat(5)). */
const PROCESS_GROUP = 2

function statOf(pid: number): readonly string[] {
  const text = textOf(`/proc/${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** Nothing of what ended meanwhile. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function foldersOf(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    await (await fetch(`http://127.0.0.1:${port}/health`)).arrayBuffer()
    return true
  } catch {
    return false
  }
}

async function stop(child: ChildProcess): Promise<void> {
  running.delete(child)
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGKILL')
  await gone
}
