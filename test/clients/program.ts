import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'

export interface Command {
  /** The program and its arguments. */
  line: readonly string[]
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  /** After so many seconds it is killed. */
  limit: number
  /** Kills it, too. */
  signal: AbortSignal
}

/** How a program ended and what it wrote. */
export interface Ended {
  code: number | undefined
  output: string
  seconds: number
}

/** Runs a program to its end in the given environment alone; nothing it has started outlives it. */
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

/** Its pipes may outlive it, in the hands of what it has started. */
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
    // Nothing is left of it.
  }
}
