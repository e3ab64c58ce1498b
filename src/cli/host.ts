import type { Network } from '../diagnosis/machine.ts'
import type { Environment, FetchWithCa, Files, Platform } from '../platform.ts'

/** Standard output or standard error. */
export interface TextOutput {
  write(text: string): void
  /** Whether a person reads it on a terminal. Otherwise no colors, spinners or cut lines. */
  readonly isTerminal: boolean
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number
  /** Whether ANSI colors are written: on a terminal, unless NO_COLOR is set. */
  readonly hasColors: boolean
}

/** Standard input. */
export interface TextInput {
  readonly isTerminal: boolean
  /** Resolves with everything up to the end of the input. */
  readAll(): Promise<string>
}

/** Files that a command reads and changes: those of users' clients too, not only OCI's. */
export interface HostFiles extends Files {
  /** The exact bytes of a file, or `undefined` if the file does not exist. */
  readBytes(path: string): Promise<Uint8Array | undefined>
  /**
   * Replaces a file atomically and creates its folder. Keeps the file's permissions; a new file is
   * readable by its owner only.
   */
  writeBytes(path: string, bytes: Uint8Array): Promise<void>
  /** Deletes a file; resolves if there is none. */
  remove(path: string): Promise<void>
}

/** The name and version of the JavaScript runtime. */
export interface Runtime {
  name: 'node' | 'bun' | 'deno'
  /** Such as `24.21.0`. */
  version: string
}

/** What a command can reach outside its own code. Tests pass their own. */
export interface Host {
  readonly env: Environment
  readonly files: HostFiles
  /** The current directory, an absolute path. */
  readonly cwd: string
  readonly stdin: TextInput
  readonly stdout: TextOutput
  readonly stderr: TextOutput
  readonly runtime: Runtime
  /** Without timeouts of its own, as the gateway needs it. */
  readonly fetch: Platform['fetch']
  readonly fetchWithCa: FetchWithCa
  /** Look-ups, connections and ports, for `doctor`. */
  readonly network: Network
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after a number of milliseconds. */
  sleep(ms: number): Promise<void>
  /**
   * Aborts on the first SIGINT or SIGTERM. A command that does not listen on a port ends its work
   * then; `serve` and `demo` handle the signals on their own.
   */
  readonly signal: AbortSignal
}
