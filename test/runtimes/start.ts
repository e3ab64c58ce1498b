import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { workerdCommand } from '../../bench/workerd.ts'
import type { DemoIdentity } from '../../src/simulator/identity.ts'

/** A gateway started as a person would start it, and where it listens. */
export interface Target {
  runtime: Runtime
  /** Without `/v1`. */
  url: string
  /** A key it accepts. */
  key: string
  /** Milliseconds after which its streams show that they live. */
  heartbeat: number
  /** What it has written: its log and its greeting. */
  output(): string
  /** Of the process that was started; it leads a group of its own. */
  pid: number
  /** When that was, on the clock of `performance.now()`. */
  began: number
  /** The exit status, once it has ended; `null` of a process that a signal ended. */
  exited: Promise<number | null>
  /** Reads no more of what it writes, and closes the pipes. */
  deafen(): void
  stop(): Promise<void>
}

/** Where the gateway finds OCI, and as whom. */
export interface OciTarget {
  url: string
  identity: Pick<
    DemoIdentity,
    'tenancy' | 'user' | 'fingerprint' | 'compartment' | 'privateKey'
  >
}

export const RUNTIMES = ['node', 'bun', 'deno', 'workers'] as const
export type Runtime = (typeof RUNTIMES)[number]

export function isRuntime(name: string): name is Runtime {
  return RUNTIMES.some((runtime) => runtime === name)
}

/** The commands of the README, with a port of the system's choosing. */
const COMMANDS: Readonly<Record<Runtime, readonly string[]>> = {
  node: ['node', 'src/server.ts'],
  bun: ['bun', 'run', 'src/server.ts'],
  deno: ['deno', 'serve', '-A', '--host', 'HOST', '--port', 'PORT', 'src/server.ts'],
  workers: ['wrangler', 'dev', '--port', '0', '--inspector-port', '0', '--log-level', 'log'],
}

const LISTENS = /(?:listens on|Ready on) (http:\/\/[^\s/]+)/
/** A line of workerd's control channel. */
const LISTENS_ON_PORT = /"event":"listen".*"port":(\d+)/
/** Milliseconds: a machine that starts many processes at once takes long for each. */
const START_LIMIT = 180_000
const KEY = 'test-key-1'
const HEARTBEAT = 300
const SETTINGS = { heartbeatSeconds: HEARTBEAT / 1000, retry: { initialDelaySeconds: 0.01 } }

const root = fileURLToPath(new URL('../../', import.meta.url))

/** How it is started, where not as a person would. */
export interface StartOptions {
  /** A Worker by workerd alone, without the proxy that `wrangler dev` puts before it. */
  bare?: boolean
  /** For the engine of Node, Deno and a bare Worker; Bun has another. */
  v8Flags?: readonly string[]
}

/**
 * Starts the gateway on `runtime` against `oci`, by an API key unless `chosen` has variables of
 * another credential; resolves when it listens.
 */
export async function startGateway(
  runtime: Runtime,
  oci: OciTarget,
  chosen: Readonly<Record<string, string>> = {},
  { bare = false, v8Flags = [] }: StartOptions = {},
): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'))
  const launch = runtime === 'workers' && bare
    ? await bareWorker(oci, folder, chosen, v8Flags)
    : await asAPerson(runtime, oci, folder, chosen)
  const [command = '', ...args] = launch.command
  const began = performance.now()
  const child = spawn(join(root, 'node_modules/.bin', command), args, {
    cwd: root,
    env: { ...environment(), ...launch.variables, ...engineOf(v8Flags) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const killGroup = () => child.pid && process.kill(-child.pid, 'SIGKILL')
  // Until it listens, no caller can end it.
  process.once('exit', killGroup)
  const written = collect(child)
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const url = await listening(child, written).finally(() => process.off('exit', killGroup))
  return {
    runtime,
    url,
    key: KEY,
    heartbeat: HEARTBEAT,
    output: () => written.text,
    pid: child.pid ?? 0,
    began,
    exited,
    deafen() {
      child.stdout?.destroy()
      child.stderr?.destroy()
    },
    async stop() {
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function engineOf(v8Flags: readonly string[]): Record<string, string> {
  if (v8Flags.length === 0) return {}
  return { NODE_OPTIONS: v8Flags.join(' '), DENO_V8_FLAGS: v8Flags.join() }
}

interface Launch {
  command: readonly string[]
  variables: Readonly<Record<string, string>>
}

async function asAPerson(
  runtime: Runtime,
  oci: OciTarget,
  folder: string,
  chosen: Readonly<Record<string, string>>,
): Promise<Launch> {
  const variables = await settings(runtime, oci, folder, chosen)
  const bindings = runtime === 'workers' ? ['--env-file', join(folder, 'vars')] : []
  const command = COMMANDS[runtime].map((word) => placeOf(word, chosen))
  return { command: [...command, ...bindings], variables }
}

async function bareWorker(
  oci: OciTarget,
  folder: string,
  chosen: Readonly<Record<string, string>>,
  v8Flags: readonly string[],
): Promise<Launch> {
  const bindings = { OCI_REGION: 'us-chicago-1', ...secretsOf(oci, chosen) }
  const command = await workerdCommand('src/entry/workers.ts', 0, bindings, folder, v8Flags)
  // The system chooses the port, which workerd writes to this file descriptor.
  return { command: [...command, '--control-fd=1'], variables: {} }
}

/** Deno reads the address to listen on from its command line. */
function placeOf(word: string, { HOST = '127.0.0.1', PORT = '0' }: Record<string, string>): string {
  return word === 'HOST' ? HOST : word === 'PORT' ? PORT : word
}

/** Nothing of the person who runs the tests but the path to the runtimes. */
function environment(): Record<string, string> {
  const bin = join(root, 'node_modules/.bin')
  return {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: process.env['HOME'] ?? '',
    CI: '1',
    WRANGLER_SEND_METRICS: 'false',
    NO_COLOR: '1',
  }
}

/** A configuration file and key on the machine; secrets alone on Workers, which has no files. */
async function settings(
  runtime: Runtime,
  oci: OciTarget,
  folder: string,
  chosen: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { identity } = oci
  if (runtime === 'workers') {
    const lines = Object.entries(secretsOf(oci, chosen))
      .map(([name, value]) => `${name}='${value}'`)
    await writeFile(join(folder, 'vars'), lines.join('\n'))
    return {}
  }
  await writeFile(join(folder, 'key.pem'), identity.privateKey)
  await writeFile(
    join(folder, 'config'),
    [
      '[DEFAULT]',
      `user=${identity.user}`,
      `tenancy=${identity.tenancy}`,
      `fingerprint=${identity.fingerprint}`,
      'region=us-chicago-1',
      `key_file=${join(folder, 'key.pem')}`,
    ].join('\n'),
  )
  return { PORT: '0', ...commonOf(oci, chosen), OCI_CONFIG_FILE: join(folder, 'config') }
}

function commonOf({ url, identity }: OciTarget, chosen: Readonly<Record<string, string>>) {
  return {
    OCI_GENAI_ENDPOINT: url,
    OCI_GENAI_CONTROL_ENDPOINT: url,
    OCI_COMPARTMENT_ID: identity.compartment,
    GATEWAY_API_KEYS: `another-key,${KEY}`,
    GATEWAY_CONFIG: JSON.stringify(SETTINGS),
    ...chosen,
  }
}

/** All variables of a Worker; their file cannot hold line breaks. */
function secretsOf(oci: OciTarget, chosen: Readonly<Record<string, string>>) {
  const { identity } = oci
  return {
    ...commonOf(oci, chosen),
    OCI_CLI_TENANCY: identity.tenancy,
    OCI_CLI_USER: identity.user,
    OCI_CLI_FINGERPRINT: identity.fingerprint,
    OCI_CLI_KEY_CONTENT: identity.privateKey.trim().replaceAll('\n', '\\n'),
  }
}

function collect(child: ChildProcess): { text: string } {
  const written = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Uint8Array) => written.text += String(bytes))
  }
  return written
}

function listening(child: ChildProcess, written: { text: string }): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const fail = (why: string) => {
    reject(new Error(`Cannot start the gateway: ${why}\n${written.text}`))
  }
  const timer = setTimeout(() => fail('it does not listen after 3 minutes'), START_LIMIT)
  const look = () => {
    const [, port] = LISTENS_ON_PORT.exec(written.text) ?? []
    const url = port ? `http://127.0.0.1:${port}` : LISTENS.exec(written.text)?.[1]
    if (url !== undefined) resolve(url)
  }
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', look)
  // By then, unlike on "exit", all that the process wrote has been read.
  const close = (code: number | null) => fail(`it ended with ${code}`)
  child.once('close', close)
  return promise.finally(() => {
    clearTimeout(timer)
    child.off('close', close)
    for (const stream of [child.stdout, child.stderr]) stream?.off('data', look)
  })
}

/** The whole group: wrangler starts processes of its own. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGTERM')
  const timer = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), 3_000)
  await ended
  clearTimeout(timer)
}
