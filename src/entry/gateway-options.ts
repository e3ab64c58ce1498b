import type {
  Decompressors,
  Environment,
  FetchWithCa,
  Files,
  LogRecord,
  Platform,
  Sha256,
} from '../platform.ts'
import type { Store } from '../store/store.ts'
import type { ProcessReading } from '../telemetry/metrics/state-metrics.ts'

/** What a gateway can reach outside its own code, and how it differs on each runtime. */
export interface GatewayOptions {
  env: Environment
  /** `undefined` on runtimes without files. */
  files: Files | undefined
  /** Writes one line of the log. Absent where `log` receives the records, or without a log. */
  write?(line: string): void
  /** The terminal to which `write` writes; absent for another output. */
  terminal?: { hasColors: boolean } | undefined
  /** Receives the records of the log. */
  log?(record: LogRecord): void
  /** Absent where a certificate authority cannot be configured. */
  fetchWithCa?: FetchWithCa
  /** `false` where a request must not wait for a promise of another one. Default: true. */
  sharePromises?: boolean
  /** Whether the gateway is reachable from the internet at any host, as on Workers. */
  exposed?: boolean
  /** Default: the runtime's `fetch`. */
  fetch?: Platform['fetch']
  /** See `Platform`. */
  coalesceChunks?: boolean
  /** Opens the store that the configuration names. Absent where none can be opened. */
  openStore?(location: string, counters: string | undefined): Promise<Store>
  /** `false` for a gateway in a command, whose requests need no key and are not counted. */
  usesStore?: boolean
  /** A store that is already open, as on Workers. It replaces that of the configuration. */
  store?: Store | undefined
  /** Default: those of `STREAMING_DECOMPRESSORS`. */
  decompressors?: Decompressors
  /** Default: Web Crypto. */
  sha256?: Sha256
  /** See `Platform`. */
  encodeText?: Platform['encodeText']
  /** See `Platform`. */
  openSpool?: Platform['openSpool']
  /** Reads memory and CPU time of the process for the metrics. Absent where there is no process. */
  readProcess?(): ProcessReading
}
