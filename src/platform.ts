/** One line of the log. It never contains a prompt, an answer or a secret. */
export interface LogRecord {
  level: 'debug' | 'info' | 'warn' | 'error'
  event: string
  [field: string]: string | number | boolean | undefined
}

/**
 * Decodes the chunks of a compressed body. Rejects if they are not valid, and may reject with a
 * RangeError once they decode to more than `maxBytes`.
 */
export type Decompress = (
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
) => AsyncIterable<Uint8Array>

/** By the name of the encoding in `content-encoding`. */
export type Decompressors = ReadonlyMap<string, Decompress>

/** A reader of bytes. `ReadableStreamDefaultReader` is one. */
export interface ByteReader {
  read(): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>
  /** Closes the connection if there is more to read, and ends a pending read. */
  cancel(reason?: unknown): Promise<void>
}

/** The bytes of a body, which are read once. `ReadableStream` is one. */
export interface ByteBody {
  getReader(): ByteReader
  cancel(reason?: unknown): Promise<void>
}

/** A body that is too large for memory, in a temporary file. */
export interface Spool {
  /** Appends bytes, which the caller must not use any more: their memory is freed. */
  append(chunk: Uint8Array<ArrayBuffer>): Promise<void>
  /** Ends the body. `open` opens its bytes, any number of times; the hash is in base64. */
  finish(): { sha256: string; open: () => ReadableStream<Uint8Array<ArrayBuffer>> }
  /** Deletes the file. */
  remove(): Promise<void>
}

/**
 * The part of a `Response` that the gateway uses. Node's web streams cost more than everything else
 * in a call, so its entry answers with an object of its own.
 */
export interface UpstreamResponse {
  readonly ok: boolean
  readonly status: number
  readonly headers: Pick<Headers, 'get' | 'has'>
  readonly body: ByteBody | null
  text(): Promise<string>
  json(): Promise<unknown>
}

/** The gateway's access to the network, the clock and the log. Tests pass their own. */
export interface Platform {
  /**
   * Takes the URL as a string: workerd sends special characters of a `URL` object unescaped. A stream
   * as the body is sent with the length in `content-length`, if the headers have one.
   */
  fetch(url: string, init: RequestInit): Promise<UpstreamResponse>
  /** Milliseconds since the epoch. */
  now(): number
  /** A unique id of 24 letters and digits. */
  randomId(): string
  log(record: LogRecord): void
  /** Whether small chunks of response bodies are coalesced; see `ChunksOptions`. */
  coalesceChunks?: boolean | undefined
  /** The supported encodings of request bodies; none when absent. */
  decompressors?: Decompressors | undefined
  /** Creates a temporary file for a large body. Absent where there are no files. */
  openSpool?: (() => Promise<Spool>) | undefined
  /** Hashes bytes with SHA-256 at once. Absent where only Web Crypto hashes natively. */
  sha256?: Sha256 | undefined
  /**
   * Encodes well-formed text as UTF-8, possibly into a part of a larger buffer. Absent where nothing is
   * faster than `TextEncoder`.
   */
  encodeText?: EncodeText | undefined
}

/** Encodes text as UTF-8. */
export type EncodeText = (text: string) => Uint8Array<ArrayBuffer>

/** Hashes bytes with SHA-256 and returns the hash in base64. */
export type Sha256 = (bytes: Uint8Array) => string

/** Access to files, on runtimes that have any (Workers has none). */
export interface Files {
  /** The user's home folder, for paths that start with `~`. */
  home: string
  /** Resolves with the text of a file, or with `undefined` if the file does not exist. */
  read(path: string): Promise<string | undefined>
  /**
   * Resolves with the permission bits of a file, such as 0o600, or with `undefined` on systems
   * without them. Absent where files have no permissions.
   */
  mode?(path: string): Promise<number | undefined>
  /** Replaces a file atomically, readable by its owner only. Absent for read-only files. */
  write?(path: string, text: string): Promise<void>
}

/** `fetch` over TLS that trusts only one certificate authority, a PEM text. */
export type FetchWithCa = (
  url: string,
  init: RequestInit,
  authority: string,
) => Promise<Response>

/** Environment variables, or a Worker's bindings. */
export type Environment = Readonly<Record<string, string | undefined>>
