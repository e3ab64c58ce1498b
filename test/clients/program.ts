import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'

export interface Command {
  /** The program and its arguments. */
  line: readonly string[]
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  /** The time limit in seconds, after which the program is killed. */
  limit: number
  /** Kills the program when aborted. */
  signal: AbortSignal
}

/** The exit status, output and duration of a program. */
export interface Ended {
  code: number | undefined
  output: string
  seconds: number
}

/** Runs a program with only the given environment; kills all its child processes at the end. */
export async function runProgram({ line, cwd, env, limit, signal }: Command): Promise<Ended> {
  const [program = '', ...args] = line
  const began = performance.now()
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Uint8Array) => output += String(bytes))
  }
  const kill = () => killGroup(child)
  const timer = setTimeout(kill, limit * 1000)
  signal.addEventListener('abort', kill, { once: true })
  try {
    const code = await ending(child)
    return { code, output, seconds: (performance.now() - began) / 1000 }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
    kill()
  }
}

/** Waits for the exit; does not wait long for its pipes, which child processes may keep open. */
function ending(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? undefined))
    child.once('exit', (code) => setTimeout(() => resolve(code ?? undefined), 500).unref())
  })
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The process group has ended.
  }
}
