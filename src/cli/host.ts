import type { Network } from '../diagnosis/machine.ts'
import type { Environment, FetchWithCa, Files, Platform } from '../platform.ts'
import type { Store } from '../store/store.ts'
import type { Prompts } from './init/prompts.ts'

/** Standard output or standard error. */
export interface TextOutput {
  write(text: string): void
  /** Whether a person reads it on a terminal. Otherwise no colors, spinners or cut lines. */
  readonly isTerminal: boolean
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number
  /** Whether ANSI colors are written: on a terminal, unless NO_COLOR is set. */
  readonly hasColors: boolean
  /** Resolves when all written text has been passed on, so that a slow reader is not overrun. */
  drained(): Promise<void>
  /** Aborts when text cannot be written any more. Later texts are discarded. */
  readonly closed: AbortSignal
  /** Why text was not written, unless only the reader is gone, as after `| head -1`. */
  readonly failure: Error | undefined
}

/** Standard input. */
export interface TextInput {
  readonly isTerminal: boolean
  /** Resolves with everything up to the end of the input. */
  readAll(): Promise<string>
  /**
   * Like `readAll`, for input that is optional. Resolves with an empty text on a terminal, and if a
   * program that started this process left the input open without writing to it.
   */
  readOptional(): Promise<string>
  /** Starts to read what a person types. Only for terminals. */
  openLines(): LineReader
}

/** Reads lines that a person types, with editing and a history in memory. */
export interface LineReader {
  /** Shows a prompt on standard error and resolves with the next input. */
  read(prompt: string): Promise<TypedInput>
  /** Ends a pending `read` and restores the terminal. */
  close(): void
}

/** Several pasted lines are one text. `end` is Ctrl+D, `interrupt` is Ctrl+C. */
export type TypedInput =
  | { type: 'text'; text: string }
  | { type: 'interrupt' }
  | { type: 'end' }
/** What a path names. */
export type FileState =
  | { type: 'missing' }
  /** `path` is the target if the file is a symbolic link. */
  | { type: 'file'; path: string; isReadOnly: boolean; isOfOtherUser: boolean }
  /** A folder or a device. */
  | { type: 'other' }
  /** A symbolic link without a target. */
  | { type: 'dangling link' }

/** Files that a command reads and changes: those of users' clients too, not only OCI's. */
export interface HostFiles extends Files {
  /** The exact bytes of a file, or `undefined` if the file does not exist. */
  readBytes(path: string): Promise<Uint8Array | undefined>
  /**
   * Replaces a file atomically and creates its folder. Keeps the file's permissions; a new file is
   * readable by its owner only.
   */
  writeBytes(path: string, bytes: Uint8Array): Promise<void>
  /**
   * Waits until no other process holds the lock of a file. Resolves with the function that releases
   * it. Throws after some seconds.
   */
  lock(path: string): Promise<() => Promise<void>>
  /** What a path names, for files of other programs. */
  inspect(path: string): Promise<FileState>
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
  /** Loads the prompts of the terminal. Standard input and standard error must be terminals. */
  openPrompts(): Promise<Prompts>
  /** Opens the store at the address of `GATEWAY_STORE`, with the counters of `GATEWAY_COUNTERS`. */
  openStore(location: string, counters?: string): Promise<Store>
  /** Look-ups, connections and ports, for `doctor`. */
  readonly network: Network
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after a number of milliseconds. */
  sleep(ms: number): Promise<void>
  /** Calls a function once after a number of milliseconds. Returns a function that prevents it. */
  schedule(ms: number, action: () => void): () => void
  /**
   * Aborts on the first SIGINT or SIGTERM. A command that does not listen on a port ends its work
   * then; `serve` and `demo` handle the signals on their own.
   */
  readonly signal: AbortSignal
  /**
   * Calls a function on each SIGINT instead of aborting `signal`, until the returned function is
   * called.
   */
  onInterrupt(action: () => void): () => void
}
