import { closeSync, openSync, watch } from 'node:fs'
import process from 'node:process'
import { isatty } from 'node:tty'
import { unrefTimer } from '../timeout.ts'
import type { Reloader } from './reloader.ts'
import { watchConfig, type WatchDependencies } from './watch-config.ts'

/** The message by which the parent process of workers requests a reload. */
export const RELOAD_MESSAGE = 'reload'

/**
 * Reloads the configuration on SIGHUP and when its files change.
 * @param onReload is called after each reload that was successful
 */
export function reloadOnChange(reloader: Reloader, onReload: () => void = () => {}): void {
  const reload = async () => {
    const outcome = await reloader.reload()
    if (outcome.type === 'reloaded') onReload()
    return outcome
  }
  onHangup(() => void reload())
  if (reloader.files().length === 0) return
  watchConfig({
    ...{ reload, files: () => reloader.files(), readFiles: () => reloader.readFiles() },
    lastRead: () => reloader.lastRead(),
  }, PROCESS_FOLDERS)
}

/** Reloads the configuration when the parent process requests it, which has read the files. */
export function reloadOnMessage(reloader: Reloader): void {
  process.on('message', (message) => {
    if (message === RELOAD_MESSAGE) void reloader.reload()
  })
  // A signal to the process group reaches the parent too.
  process.on('SIGHUP', () => {})
}

/**
 * Calls `reload` on SIGHUP. The system also sends it when the terminal of the process is closed: that
 * ends the process as SIGTERM does.
 */
function onHangup(reload: () => void): void {
  const hasTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor))
  process.on('SIGHUP', () => {
    if (hasTerminal && !canOpenTerminal()) process.kill(process.pid, 'SIGTERM')
    else reload()
  })
}

function canOpenTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

const PROCESS_FOLDERS: WatchDependencies = {
  watchFolder(folder, onChange) {
    const watcher = watch(folder, { persistent: false }, onChange)
    // Without a listener, an error would end the process.
    watcher.on('error', () => {})
    return () => watcher.close()
  },
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    unrefTimer(timer)
    return () => clearTimeout(timer)
  },
}
