import { dirname } from 'node:path'
import type { Reloader } from './reloader.ts'

/** The folders and the clock, for the watcher. Tests pass their own. */
export interface WatchDependencies {
  /**
   * Calls a function at each change in a folder, until the returned function is called. Throws if the
   * folder cannot be watched.
   */
  watchFolder(folder: string, onChange: () => void): () => void
  /** Calls `run` once, later. Returns a function that prevents it. It does not keep the process running. */
  after(milliseconds: number, run: () => void): () => void
}

/** Milliseconds for which the files must be the same: an editor may still be writing. */
const SETTLE = 150
/**
 * Milliseconds between two readings without an event: network file systems, mounts of single files and
 * replaced folders send none.
 */
const POLL = 10_000

/** What the watcher does with the files of the configuration. */
export type WatchedConfig = Pick<Reloader, 'files' | 'readFiles' | 'lastRead' | 'reload'>

/**
 * Reloads the configuration when one of its files has another text. It watches their folders, because
 * editors replace files, and Kubernetes replaces a link beside them. Returns a function that ends it.
 */
export function watchConfig(config: WatchedConfig, dependencies: WatchDependencies): () => void {
  const watcher = new ConfigWatcher(config, dependencies)
  watcher.start()
  return () => watcher.end()
}

class ConfigWatcher {
  readonly #config: WatchedConfig
  readonly #dependencies: WatchDependencies
  readonly #folders = new Map<string, () => void>()
  #cancel: (() => void) | undefined
  /** Whether an event waits for its check, or for the end of the one that runs. */
  #hasEvent = false
  #isChecking = false
  #isEnded = false
  /** The changed text that the last check has read. */
  #seen: string | undefined

  constructor(config: WatchedConfig, dependencies: WatchDependencies) {
    this.#config = config
    this.#dependencies = dependencies
  }

  start(): void {
    this.#watchFolders()
    this.#schedule(POLL)
  }

  end(): void {
    this.#isEnded = true
    this.#cancel?.()
    this.#closeFolders()
  }

  /** A folder in which other files change all the time does not postpone the check. */
  #onChange(): void {
    if (this.#hasEvent || this.#isEnded) return
    this.#hasEvent = true
    if (!this.#isChecking) this.#schedule(SETTLE)
  }

  #schedule(milliseconds: number): void {
    this.#cancel?.()
    this.#cancel = this.#dependencies.after(milliseconds, () => void this.#check())
  }

  async #check(): Promise<void> {
    const isPoll = !this.#hasEvent && this.#seen === undefined
    this.#hasEvent = false
    this.#isChecking = true
    const isChanging = await this.#reloadIfChanged()
    this.#isChecking = false
    if (this.#isEnded) return
    // Nothing has reported the change: the folder may be another one now.
    if (isPoll && isChanging) this.#closeFolders()
    this.#watchFolders()
    this.#schedule(isChanging || this.#hasEvent ? SETTLE : POLL)
  }

  /** Resolves with whether the files have to be read again, to see whether they are complete. */
  async #reloadIfChanged(): Promise<boolean> {
    const text = await this.#config.readFiles()
    const isNew = text !== undefined && text !== this.#config.lastRead()
    if (isNew && text !== this.#seen) {
      this.#seen = text
      return true
    }
    this.#seen = undefined
    if (isNew) await this.#config.reload()
    return false
  }

  #watchFolders(): void {
    const folders = new Set(this.#config.files().map((path) => dirname(path)))
    for (const [folder, close] of this.#folders) {
      if (folders.has(folder)) continue
      close()
      this.#folders.delete(folder)
    }
    for (const folder of folders) {
      if (!this.#folders.has(folder)) this.#watchFolder(folder)
    }
  }

  #watchFolder(folder: string): void {
    try {
      const close = this.#dependencies.watchFolder(folder, () => this.#onChange())
      this.#folders.set(folder, close)
    } catch {
      // The next reading tries again.
    }
  }

  #closeFolders(): void {
    for (const close of this.#folders.values()) close()
    this.#folders.clear()
  }
}
