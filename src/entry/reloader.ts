import { changedSettings, keepRestartSettings } from '../config/changes.ts'
import { checkConfig, findUnprotected } from '../config/check.ts'
import { type ConfigProblem, describeProblem } from '../config/issues.ts'
import { type Config, toConfig } from '../config/read.ts'
import { readConfigSource } from '../config/source.ts'
import { ApiError, toApiError } from '../errors.ts'
import { isLoopback } from '../loopback.ts'
import type { ReloadReading } from '../telemetry/metrics/state-metrics.ts'
import { configFiles, readTexts } from './config-files.ts'
import {
  createGeneration,
  type GatewayBase,
  type Generation,
  openClient,
  openConfig,
  type SharedParts,
} from './generation.ts'

/** What a reload has done. */
export type ReloadOutcome =
  | {
    type: 'reloaded'
    /** Settings with a new value, such as `limits.maxTools`. */
    changed: readonly string[]
    /** Settings that keep their value until the gateway is started again. */
    needsRestart: readonly string[]
  }
  /** Nothing has changed. Each problem begins with its place, if it has one. */
  | { type: 'failed'; problems: readonly string[] }
  /** The configuration has no file. */
  | { type: 'no-file' }

/** Reads the configuration again and replaces the generation that serves new requests. */
export interface Reloader {
  /** Waits for a reload that runs, and logs the outcome. Never rejects. */
  reload(): Promise<ReloadOutcome>
  /** The files of the configuration and of its secrets. */
  files(): readonly string[]
  /** Resolves with a text that changes with the files; `undefined` if one of them is missing. */
  readFiles(): Promise<string | undefined>
  /**
   * The text of the files when they were last loaded, also without success. `undefined` if another try
   * may succeed.
   */
  lastRead(): string | undefined
  /** Records an address on which the server listens besides that of the configuration. */
  listensOn(host: string): void
}

export interface ReloaderOptions {
  base: GatewayBase
  shared: SharedParts
  reading: ReloadReading
  /** The text of the files when the first generation was opened. */
  lastRead: string | undefined
  current(): Generation
  replace(next: Generation): void
}

/** Creates the reloader of a gateway whose first generation is open. */
export function createReloader(options: ReloaderOptions): Reloader {
  return new ConfigReloader(options)
}

class ConfigReloader implements Reloader {
  readonly #options: ReloaderOptions
  #files: readonly string[]
  #lastRead: string | undefined
  #isExposed = false
  #last: Promise<unknown> = Promise.resolve()
  #next: Promise<ReloadOutcome> | undefined

  constructor(options: ReloaderOptions) {
    this.#options = options
    this.#files = configFiles(options.base.options.env, toConfig(options.current().merged))
    this.#lastRead = options.lastRead
  }

  files(): readonly string[] {
    return this.#files
  }

  readFiles(): Promise<string | undefined> {
    return readTexts(this.#files, this.#options.base.options.files)
  }

  lastRead(): string | undefined {
    return this.#lastRead
  }

  listensOn(host: string): void {
    this.#isExposed ||= !isLoopback(host)
  }

  reload(): Promise<ReloadOutcome> {
    // Several requests for a reload that has not begun are one.
    if (this.#next) return this.#next
    const next = this.#last.then(() => {
      this.#next = undefined
      return this.#run()
    })
    this.#next = next
    this.#last = next
    return next
  }

  async #run(): Promise<ReloadOutcome> {
    const { base: { platform }, reading } = this.#options
    const outcome = await this.#tryReload()
    switch (outcome.type) {
      case 'reloaded': {
        reading.succeeded++
        reading.loadedAt = platform.now()
        const changed = outcome.changed.join(', ') || undefined
        const needsRestart = outcome.needsRestart.join(', ') || undefined
        platform.log({ level: 'info', event: 'config_reloaded', changed, needsRestart })
        return outcome
      }
      case 'failed': {
        reading.failed++
        const cause = outcome.problems.join('; ').slice(0, MAX_CAUSE)
        platform.log({ level: 'error', event: 'config_not_reloaded', cause })
        return outcome
      }
      case 'no-file':
        platform.log({ level: 'info', event: 'config_not_reloaded', cause: NO_FILE })
        return outcome
    }
  }

  async #tryReload(): Promise<ReloadOutcome> {
    if (this.#files.length === 0) return { type: 'no-file' }
    try {
      this.#lastRead = await this.readFiles()
      return await this.#reload()
    } catch (thrown) {
      const error = toApiError(thrown)
      if (isTransient(error)) this.#lastRead = undefined
      return { type: 'failed', problems: [error.message] }
    }
  }

  /** Prepares everything before the first change: whatever fails, the gateway stays as it is. */
  async #reload(): Promise<ReloadOutcome> {
    const { base, shared, current, replace } = this.#options
    const { env, files, exposed } = base.options
    const checked = checkConfig(env, await readConfigSource(env, files), {
      exposed: exposed === true,
    })
    if (checked.type === 'invalid') {
      return { type: 'failed', problems: checked.problems.map(describeProblem) }
    }
    const written = toConfig(checked.merged)
    this.#files = configFiles(env, written)
    // The new file may name other secret files.
    this.#lastRead = await this.readFiles()
    const opened = await openConfig(checked.merged, written, base)
    const running = current()
    const { config, kept } = keepRestartSettings(running.config, opened.config)
    const unprotected = this.#findUnprotected(config)
    if (unprotected) return { type: 'failed', problems: [describeProblem(unprotected)] }
    const effective = { ...opened, config }
    const client = openClient(effective, base, shared.ociState)
    const next = await createGeneration({ ...effective, ...client }, base, shared)
    shared.ociState.configure(config)
    shared.appState.configure(config)
    replace(next)
    if (hasKeys(running.config) && !hasKeys(config) && !shared.stored) {
      base.platform.log({ level: 'warn', event: 'config_without_keys', cause: NO_KEYS })
    }
    return { type: 'reloaded', changed: changedSettings(running, next), needsRestart: kept }
  }

  /**
   * If the server also listens on a public address while `host` is loopback, the app does not require
   * keys of the store, so that the store is no protection.
   */
  #findUnprotected(config: Config): ConfigProblem | undefined {
    const { exposed = false } = this.#options.base.options
    if (!this.#isExposed) return findUnprotected(config, exposed)
    const store = isLoopback(config.host) ? undefined : config.store
    return findUnprotected({ ...config, store }, true)
  }
}

/** Whether another try may succeed, such as after a service of OCI has not answered. */
function isTransient({ code, cause }: ApiError): boolean {
  return code !== 'configuration_error' || (cause instanceof ApiError && isTransient(cause))
}

/** Characters of the log. A file may have thousands of problems. */
const MAX_CAUSE = 2_000

const NO_KEYS =
  'The new configuration has no API key: every program on this machine may send requests'
const NO_FILE = 'the configuration has no file, so that only a restart changes it'

function hasKeys({ access }: Config): boolean {
  return access.apiKeys.length > 0
}
