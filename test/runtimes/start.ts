import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { workerdCommand } from '../../bench/workerd.ts'
import type { DemoIdentity } from '../../src/simulator/identity.ts'
import { serverBundle } from './server-bundle.ts'

/** A gateway that is started with the commands of the README. */
export interface Target {
  runtime: Runtime
  /** The base URL without `/v1`. */
  url: string
  /** An API key that it accepts. */
  key: string
  /** The interval of heartbeats in milliseconds. */
  heartbeat: number
  /** Its output so far, including the log. */
  output(): string
  /** The process id; the process leads a separate process group. */
  pid: number
  /** The time of the start, by `performance.now()`. */
  began: number
  /** Resolves with the exit status, or with `null` if a signal ended the process. */
  exited: Promise<number | null>
  /** Closes the pipes of its output, so that further writes to them fail. */
  closeOutput(): void
  stop(): Promise<void>
}

/** The address of OCI and the identity of the gateway. */
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

/** The commands of the README, with a free port. */
const COMMANDS: Readonly<Record<Runtime, readonly string[]>> = {
  node: ['node', 'src/server.ts'],
  bun: ['bun', 'run', 'src/server.ts'],
  deno: ['deno', 'serve', '-A', '--host', 'HOST', '--port', 'PORT', 'src/server.ts'],
  workers: ['wrangler', 'dev', '--port', '0', '--inspector-port', '0', '--log-level', 'log'],
}

const LISTENS = /(?:listens on|Ready on) (http:\/\/[^\s/]+)/
/** A line of workerd's control channel. */
const LISTENS_ON_PORT = /"event":"listen".*"port":(\d+)/
/** Milliseconds; long, because a machine that starts many processes at once is slow. */
const START_LIMIT = 180_000
const KEY = 'test-key-1'
const HEARTBEAT = 300
const SETTINGS = { heartbeatSeconds: HEARTBEAT / 1000, retry: { initialDelaySeconds: 0.01 } }

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Differences from the commands of the README. */
export interface StartOptions {
  /** Runs a Worker with workerd alone, without the proxy of `wrangler dev`. */
  bare?: boolean
  /** Runs Node with the code in one file, for half of the processor time of a start. */
  bundled?: boolean
  /** Binds the Durable Object of the store to a bare Worker. */
  hasStore?: boolean
  /** Flags for V8 in Node, Deno and a bare Worker; Bun has another engine. */
  v8Flags?: readonly string[]
}

/**
 * Starts the gateway on `runtime` against `oci`, with an API key unless `chosen` has the variables of
 * another credential. Resolves when the gateway listens.
 */
export async function startGateway(
  runtime: Runtime,
  oci: OciTarget,
  chosen: Readonly<Record<string, string>> = {},
  { bare = false, bundled = false, v8Flags = [], hasStore = false }: StartOptions = {},
): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'))
  const launch = runtime === 'workers' && bare
    ? await bareWorker(oci, folder, chosen, { v8Flags, hasStore })
    : await readmeLaunch(runtime, oci, folder, chosen, bundled)
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
  const stop = async () => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  const url = await listening(child, written).catch(async (error) => {
    await stop()
    throw error
  }).finally(() => process.off('exit', killGroup))
  return {
    runtime,
    url,
    key: KEY,
    heartbeat: HEARTBEAT,
    output: () => written.text,
    pid: child.pid ?? 0,
    began,
    exited,
    closeOutput() {
      child.stdout?.destroy()
      child.stderr?.destroy()
    },
    stop,
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

async function readmeLaunch(
  runtime: Runtime,
  oci: OciTarget,
  folder: string,
  chosen: Readonly<Record<string, string>>,
  bundled: boolean,
): Promise<Launch> {
  const variables = await settings(runtime, oci, folder, chosen)
  const bindings = runtime === 'workers' ? ['--env-file', join(folder, 'vars')] : []
  const command = bundled && runtime === 'node'
    ? ['node', await serverBundle()]
    : COMMANDS[runtime].map((word) => placeOf(word, chosen))
  return { command: [...command, ...bindings], variables }
}

async function bareWorker(
  oci: OciTarget,
  folder: string,
  chosen: Readonly<Record<string, string>>,
  options: Pick<StartOptions, 'v8Flags' | 'hasStore'>,
): Promise<Launch> {
  const bindings = { OCI_REGION: 'us-chicago-1', ...secretsOf(oci, chosen) }
  const command = await workerdCommand('src/entry/workers.ts', 0, bindings, folder, options)
  // The system chooses the port, which workerd writes to this file descriptor.
  return { command: [...command, '--control-fd=1'], variables: {} }
}

/** Deno reads the address to listen on from its command line. */
function placeOf(word: string, { HOST = '127.0.0.1', PORT = '0' }: Record<string, string>): string {
  return word === 'HOST' ? HOST : word === 'PORT' ? PORT : word
}

/** A minimal environment: only the paths of the user who runs the tests. */
function environment(): Record<string, string> {
  const bin = join(root, 'node_modules/.bin')
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env
  return {
    PATH: `${bin}:${PATH}`,
    HOME,
    ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
    CI: '1',
    WRANGLER_SEND_METRICS: 'false',
    NO_COLOR: '1',
  }
}

/** Writes a configuration file and a key; for Workers, which has no files, only variables. */
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

/** All variables of a Worker; their file does not support line breaks. */
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
  const fail = (reason: string) => {
    reject(new Error(`Cannot start the gateway: ${reason}\n${written.text}`))
  }
  const timer = setTimeout(() => fail('it does not listen after 3 minutes'), START_LIMIT)
  const check = () => {
    const [, port] = LISTENS_ON_PORT.exec(written.text) ?? []
    const url = port ? `http://127.0.0.1:${port}` : LISTENS.exec(written.text)?.[1]
    if (url !== undefined) resolve(url)
  }
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', check)
  // Unlike "exit", "close" is emitted after all output has been read.
  const close = (code: number | null) => fail(`it ended with ${code}`)
  child.once('close', close)
  return promise.finally(() => {
    clearTimeout(timer)
    child.off('close', close)
    for (const stream of [child.stdout, child.stderr]) stream?.off('data', check)
  })
}

/** Ends the whole process group, because wrangler starts child processes. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGTERM')
  const timer = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), 3_000)
  await ended
  clearTimeout(timer)
}
