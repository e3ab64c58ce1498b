import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** The folder of the runtimes that `npm ci` installs. */
export const BIN = join(ROOT, 'node_modules/.bin')

/** A measured server with its child processes. */
export interface Server {
  port: number
  /** The process group of the command. */
  group: number
}

const running = new Set<ChildProcess>()

/**
 * Starts a command in `folder` as a separate process group and waits until `port` answers HTTP. The
 * command is a program of the project's own dependencies.
 */
export async function startServer(
  [command = '', ...args]: readonly string[],
  port: number,
  env: Readonly<Record<string, string>> = {},
  folder = ROOT,
): Promise<Server> {
  const child = spawn(join(BIN, command), args, {
    cwd: folder,
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

/** A minimal environment: only the paths of the user who runs the bench. */
export function environment(): Record<string, string> {
  return { PATH: `${BIN}:${process.env['PATH'] ?? ''}`, HOME: process.env['HOME'] ?? '' }
}

/** Ends the groups of these servers; resolves when all have ended. */
export async function endServers(servers: readonly Server[]): Promise<void> {
  const groups = new Set(servers.map(({ group }) => group))
  await Promise.all([...running].filter(({ pid }) => groups.has(pid ?? 0)).map(stop))
}

/** Ends all started groups; resolves when all have ended. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map(stop))
}

/** Ends all started groups without waiting, for the exit of this process. */
export function killServers(): void {
  for (const { pid, exitCode } of running) {
    if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL')
  }
}

/** A free port. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? address?.port ?? 0 : 0))
    })
  })
}

/** The processes of a group; empty without /proc. */
export function membersOf(group: number): readonly number[] {
  return foldersOf('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(statOf(pid)[PROCESS_GROUP]) === group)
}

/**
 * Starts to count; the returned function gives the microseconds of processor time, user and system,
 * that these processes have used since. Reads each thread, because the kernel reports nanoseconds only
 * there; elsewhere its unit is 1/100 second, a twentieth of a window. Ended threads are left out.
 */
export function countCpu(pids: readonly number[]): () => number {
  const before = timesOf(pids)
  return () =>
    [...timesOf(pids)].reduce((sum, [task, time]) => sum + time - (before.get(task) ?? 0), 0)
}

/** The resident memory of these processes in MB. */
export function residentMegabytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) =>
    Number(/^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0)
  )
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024
}

/** Microseconds by thread folder; see proc-schedstat in the kernel documentation. */
function timesOf(pids: readonly number[]): ReadonlyMap<string, number> {
  const tasks = pids.flatMap((pid) =>
    foldersOf(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`)
  )
  return new Map(
    tasks.map((task) => [task, Number(textOf(`${task}/schedstat`).split(' ')[0]) / 1000]),
  )
}

/** The index in /proc/«pid»/stat after the command name (proc_pid_stat(5)). */
const PROCESS_GROUP = 2

function statOf(pid: number): readonly string[] {
  const text = textOf(`/proc/${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** Ignores processes that have ended. */
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
