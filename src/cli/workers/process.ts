import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import process from 'node:process'
import { listenError } from '../../entry/listen-error.ts'
import { RELOAD_MESSAGE } from '../../entry/reload-on-change.ts'
import type { Environment } from '../../platform.ts'
import type { Worker } from './pool.ts'

/** The variable of a worker with the port to listen on. */
const VARIABLE = 'OCI_GATEWAY_WORKER_PORT'

/**
 * Deno does not report the flags of its process, and shares a port only with `--unstable-net`. Without
 * the last one it prints a warning about its servers at the first request.
 */
const DENO_FLAGS = [
  ...['run', '-A', '--node-modules-dir=manual', '--unstable-net'],
  '--unstable-no-legacy-abort',
]

/** The port that this process serves as a worker; `undefined` if it is none. */
export function workerPort(env: Environment): number | undefined {
  const port = env[VARIABLE]
  return port === undefined ? undefined : Number(port)
}

/** Reports to the parent process that this worker listens. */
export function reportListening(port: number): void {
  process.send?.({ port })
}

/** Whether the kernel distributes the connections of one port among several processes. */
export function canSharePort(): boolean {
  return process.platform === 'linux'
}

/** Starts this program again, with the same arguments, as a worker at a port. */
export function startWorker(port: number): Worker {
  const { execPath, execArgv, argv: [, ...args] } = process
  const flags = 'Deno' in globalThis ? DENO_FLAGS : execArgv
  const child = spawn(execPath, [...flags, ...args], {
    env: { ...process.env, [VARIABLE]: String(port) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message))
    child.once('exit', (status, signal) => resolve(signal ?? `status ${status}`))
  })
  return {
    pid: child.pid ?? 0,
    exited,
    listening: new Promise((resolve, reject) => {
      // The only message of a worker.
      child.once('message', (message) => resolve((message as { port: number }).port))
      void exited.then((reason) => reject(new Error(`A worker process did not start: ${reason}`)))
    }),
    reload: () => void (child.connected && child.send(RELOAD_MESSAGE)),
    // A worker ends when its channel closes; a signal could arrive twice, from a terminal too.
    end: () => child.connected && child.disconnect(),
    kill: () => void child.kill('SIGKILL'),
  }
}

/**
 * Rejects if another program listens on a port. Workers would share the port with another gateway
 * that has workers, instead of failing.
 */
export async function checkPortIsFree(host: string, port: number): Promise<void> {
  const server = createServer()
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw listenError(error, { host, port })
  }
  server.close()
  await once(server, 'close')
}

/** Calls `callback` on the next SIGINT or SIGTERM, and then ends the process with status 1. */
export function endOnNextSignal(callback: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      callback()
      process.exit(1)
    })
  }
}
