import type { ClientDefinition, Connection } from '../../src/clients/client.ts'

/** A real program or library, and the checks that it works with the gateway. */
export interface Client {
  /** How the client is configured; `oci-gateway connect` configures it for the checks. */
  definition: ClientDefinition
  /** Exact versions by package; the first package is the client itself. */
  packages: Readonly<Record<string, string>>
  /** Whether its packages need their installation scripts. */
  runsInstallScripts?: boolean
  /** The path below `node_modules` and arguments before those of a step; empty for libraries. */
  program: readonly string[]
  /** The `MODEL_MAP` of the gateway. */
  aliases: Readonly<Record<string, string>>
  /** Files below the user's home that exist before `connect` adds its settings. */
  files?(connection: Connection): Readonly<Record<string, string>>
  /** Variables that disable requests to other servers. */
  quiet: Readonly<Record<string, string>>
  checks: readonly Check[]
  /** Examples of use, for the page. */
  uses: readonly Use[]
}

/** One capability of the client, checked by one or more runs in the same home. */
export interface Check {
  /** A sentence without a subject. */
  name: string
  /** Files below the user's home; the working directory is `work`. */
  files?: Readonly<Record<string, string | Uint8Array>>
  steps: readonly Step[]
}

export interface Step {
  /** Arguments of the program, or a module that Node runs next to the packages. */
  run: readonly string[] | ((connection: Connection) => string)
  /** Variables besides those of the configuration. */
  env?: (connection: Connection) => Readonly<Record<string, string>>
  /** Patterns that the output must match, and must not match. */
  prints: readonly RegExp[]
  never?: readonly RegExp[]
  /** Patterns for the requests to OCI during the step, as `path body`. */
  sends?: readonly RegExp[]
  /** Patterns that files below the user's home must match after the step. */
  leaves?: Readonly<Record<string, RegExp>>
  /** The exit status; 0 when absent. */
  exit?: number
  /** The minimum duration in seconds. */
  atLeast?: number
}

export interface Use {
  title: string
  language: 'js' | 'sh' | 'json'
  text(connection: Connection): string
}
