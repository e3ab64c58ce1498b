/** What a client is told of the gateway. */
export interface Settings {
  /** Without `/v1`. */
  url: string
  key: string
}

/** A client's configuration, in its own words. */
export interface Configuration {
  /** Texts by their path below the person's home. */
  files: Readonly<Record<string, string>>
  env: Readonly<Record<string, string>>
}

/** A real program or library, and how one sees that it works with the gateway. */
export interface Client {
  /** As it is named on the command line and in `docs/clients/`. */
  name: string
  title: string
  /** Exact versions, by package; the first one is the client itself. */
  packages: Readonly<Record<string, string>>
  /** Whether its packages have to run scripts when they are installed. */
  runsInstallScripts?: boolean
  /** What is run, below its `node_modules`, before a step's own arguments; for libraries nothing. */
  program: readonly string[]
  /** `MODEL_MAP` of its gateway. */
  aliases: Readonly<Record<string, string>>
  configure(settings: Settings): Configuration
  /** What keeps it from talking to anybody but the gateway, where its configuration does not. */
  quiet: Readonly<Record<string, string>>
  checks: readonly Check[]
  page: Page
}

/** One thing the client can do, shown by one or several runs in the same home. */
export interface Check {
  /** A sentence without its subject. */
  name: string
  /** What lies below the person's home, where the client works in `work`. */
  files?: Readonly<Record<string, string | Uint8Array>>
  steps: readonly Step[]
}

export interface Step {
  /** Arguments of the program, or a module that Node runs beside the packages. */
  run: readonly string[] | ((settings: Settings) => string)
  /** What it has to print, and what not. */
  prints: readonly RegExp[]
  never?: readonly RegExp[]
  /** What OCI has to be asked, in requests of this step: path, blank, body. */
  asks?: readonly RegExp[]
  /** How it ends; 0. */
  exit?: number
  /** Seconds that it takes at least. */
  atLeast?: number
}

/** What its page says beside the configuration. */
export interface Page {
  intro: string
  /** The configuration of a library: what comes before each of its uses. */
  setUp?: (settings: Settings) => string
  /** What the person does with it once it is configured. */
  uses: readonly Use[]
  limits: readonly string[]
}

export interface Use {
  title: string
  language: 'js' | 'sh'
  text(settings: Settings): string
}
