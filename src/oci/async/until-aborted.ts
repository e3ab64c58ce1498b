import type { AbortState } from '../../abort.ts'

/**
 * Resolves like `promise`, or rejects with the signal's reason when the signal is aborted. For work
 * that several requests share and that one of them must not cancel, such as a token renewal.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortState): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    // The shared work may fail after an abort; this request no longer needs its result.
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
