import type { Environment, FetchWithCa, Files, Platform } from '../platform.ts'

/** A TCP connection to try, with TLS unless `tls` is false. */
export interface ConnectionTarget {
  host: string
  port: number
  tls: boolean
  /** The PEM text of the authorities to trust instead of the runtime's. */
  authorities?: string | undefined
}

/** The certificate that a server presented. */
export interface ServerCertificate {
  /** Whether the runtime, or the given authorities, trust it for the host. */
  isTrusted: boolean
  /** The names of the issuer and the subject, such as `DigiCert Global G2`. */
  issuer: string
  subject: string
  /** As the certificate has it: `Jan  1 00:00:00 2021 GMT`. */
  validTo: string
}

export type Connection =
  | { type: 'open'; certificate: ServerCertificate | undefined }
  /** `code` is that of the system or of TLS, such as `ECONNREFUSED`. */
  | { type: 'failed'; code: string }

/** Finer network operations than `fetch`. */
export interface Network {
  /** Resolves a host name to its addresses. Rejects with an error that has a `code`: `ENOTFOUND`. */
  resolve(hostname: string): Promise<readonly string[]>
  /** Opens a connection, even to a server without a trusted certificate, and closes it again. */
  connect(target: ConnectionTarget): Promise<Connection>
  /** Listens on a port for a moment. Resolves with the code of the error, such as `EADDRINUSE`. */
  tryListen(address: { host: string; port: number }): Promise<string | undefined>
}

/** The machine to diagnose. */
export interface Machine {
  readonly env: Environment
  readonly files: Files
  readonly runtime: { name: 'node' | 'bun' | 'deno'; version: string }
  readonly fetch: Platform['fetch']
  readonly fetchWithCa: FetchWithCa
  readonly network: Network
  /** Milliseconds since the epoch. */
  now(): number
  /** Aborts the diagnosis. */
  readonly signal: AbortSignal
}

/** The code of a system error: of the error itself or of its causes. */
export function codeOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && cause.code !== '') return cause.code
  }
  return undefined
}
