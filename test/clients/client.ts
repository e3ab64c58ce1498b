/** The address and the API key of the gateway for a client. */
export interface Settings {
  /** The base URL without `/v1`. */
  url: string
  key: string
}

/** The configuration of a client. */
export interface Configuration {
  /** File contents by path below the user's home. */
  files: Readonly<Record<string, string>>
  env: Readonly<Record<string, string>>
}

/** A real program or library, and the checks that it works with the gateway. */
export interface Client {
  /** The name on the command line and in `docs/clients/`. */
  name: string
  title: string
  /** Exact versions by package; the first package is the client itself. */
  packages: Readonly<Record<string, string>>
  /** Whether its packages need their installation scripts. */
  runsInstallScripts?: boolean
  /** The path below `node_modules` and arguments before those of a step; empty for libraries. */
  program: readonly string[]
  /** The `MODEL_MAP` of the gateway. */
  aliases: Readonly<Record<string, string>>
  configure(settings: Settings): Configuration
  /** Variables that disable requests to other servers. */
  quiet: Readonly<Record<string, string>>
  checks: readonly Check[]
  page: Page
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
  run: readonly string[] | ((settings: Settings) => string)
  /** Variables besides those of the configuration. */
  env?: (settings: Settings) => Readonly<Record<string, string>>
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

/** The texts of the page besides the configuration. */
export interface Page {
  intro: string
  /** The set-up code of a library, which precedes each use. */
  setUp?: (settings: Settings) => string
  /** Examples of use. */
  uses: readonly Use[]
  limits: readonly string[]
}

export interface Use {
  title: string
  language: 'js' | 'sh'
  text(settings: Settings): string
}
