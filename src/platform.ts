/** One line of the log: never a prompt, an answer or a secret. */
export interface LogRecord {
  level: 'debug' | 'info' | 'warn' | 'error'
  event: string
  [field: string]: string | number | boolean | undefined
}

/** The outside world, as the gateway sees it. Tests and the simulator pass their own. */
export interface Platform {
  /** Takes the address as text: workerd sends a `URL` object's odd characters unescaped. */
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Milliseconds since the epoch. */
  now(): number
  /** 24 letters and digits that were never given before. */
  randomId(): string
  log(record: LogRecord): void
  /** How the bodies of `fetch` are best read: see `ChunksOptions`. */
  coalesceChunks?: boolean | undefined
}

/** The files of the machine, where there are any (Workers has none). */
export interface Files {
  /** The user's home folder, for paths that begin with `~`. */
  home: string
  /** The text of a file; `undefined` when there is no such file. */
  read(path: string): Promise<string | undefined>
  /**
   * The permission bits of a file, such as 0o600; `undefined` where the system has none. Absent
   * where files have no permissions.
   */
  mode?(path: string): Promise<number | undefined>
  /** Replaces a file in one step, for its owner's eyes only. Absent where nothing may be written. */
  write?(path: string, text: string): Promise<void>
}

/** `fetch` over TLS that trusts one certificate authority, given as PEM text, and no other. */
export type FetchWithCa = (
  url: string,
  init: RequestInit,
  authority: string,
) => Promise<Response>

/** Environment variables, or a Worker's bindings. */
export type Environment = Readonly<Record<string, string | undefined>>
