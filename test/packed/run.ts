import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { countCpu } from '../../bench/processes.ts'
import type { OciTarget } from '../runtimes/start.ts'
import { BIN, install } from './install.ts'

const SCRIPT = 'node_modules/oci-genai-gateway/dist/oci-gateway.js'

/**
 * The commands that run a file of a package. `PACKAGE_NODE` is the path of another Node to test, such
 * as the oldest supported one.
 */
export const COMMANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['node', [process.env['PACKAGE_NODE'] ?? join(BIN, 'node')]],
  ['bun', [join(BIN, 'bun')]],
  [
    'deno',
    [join(BIN, 'deno'), 'run', '-A', '--unstable-no-legacy-abort', '--node-modules-dir=manual'],
  ],
])

/** A running command of the package. */
export interface Running {
  pid: number
  /** Standard output and standard error so far. */
  output(): string
  /** Resolves with the first match of a pattern in the output. Rejects if the command ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves with the exit status, or with `null` if a signal ended the process. */
  exited: Promise<number | null>
  /** Microseconds of processor time that the command has used so far; 0 without /proc. */
  cpu(): number
  /** Ends the command and its child processes. */
  stop(): Promise<void>
}

/**
 * Runs the executable of the installed package with a home folder that only contains the
 * configuration file of `oci`, or nothing.
 */
export async function start(
  runtime: string,
  args: readonly string[],
  oci?: OciTarget,
): Promise<Running> {
  const { project } = await install()
  const home = await mkdtemp(join(tmpdir(), 'home-'))
  if (oci) await writeProfile(home, oci.identity)
  const command = [...COMMANDS.get(runtime) ?? [], SCRIPT, ...args]
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: home },
    ...(oci && { OCI_GENAI_ENDPOINT: oci.url, OCI_GENAI_CONTROL_ENDPOINT: oci.url }),
  }
  return launch(command, { cwd: project, env }, home)
}

/**
 * Runs a command.
 * @param temporary a folder that is deleted when the command is stopped
 */
export function launch(
  [program = '', ...args]: readonly string[],
  place: { cwd: string; env: Record<string, string> },
  temporary: string,
): Running {
  const child = spawn(program, args, {
    ...place,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const pid = child.pid ?? 0
  const killGroup = () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL')
  }
  // A test that hangs does not stop its command.
  process.once('exit', killGroup)
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  let text = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (const listener of listeners) listener()
    })
  }
  return {
    ...{ pid, exited, output: () => text, cpu: countCpu([pid]) },
    printed(pattern) {
      return new Promise((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(text)
          if (match) resolve(match)
        }
        listeners.add(check)
        check()
        void exited.then((status) => reject(new Error(`It ended with ${status}: ${text}`)))
      })
    },
    async stop() {
      process.off('exit', killGroup)
      killGroup()
      await exited
      await rm(temporary, { recursive: true, force: true })
    },
  }
}

/** The configuration file that the OCI Console shows for a new API key. */
async function writeProfile(home: string, identity: OciTarget['identity']): Promise<void> {
  const folder = join(home, '.oci')
  await mkdir(folder)
  await writeFile(join(folder, 'key.pem'), identity.privateKey, { mode: 0o600 })
  const lines = [
    '[DEFAULT]',
    `user=${identity.user}`,
    `fingerprint=${identity.fingerprint}`,
    `tenancy=${identity.tenancy}`,
    'region=us-chicago-1',
    `key_file=${join(folder, 'key.pem')}`,
  ]
  await writeFile(join(folder, 'config'), lines.join('\n'), { mode: 0o600 })
}
