import type { AbortState } from '../../abort.ts'

/** Waits. Rejects with the signal's reason when the signal is or becomes aborted. */
export function sleep(milliseconds: number, signal?: AbortState): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
