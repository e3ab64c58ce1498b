/**
 * Resolves like `promise`, or rejects with the signal's reason when the signal is aborted. For work
 * that several requests share and that one of them must not cancel, such as a token renewal.
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // The shared work may fail after an abort; this request no longer needs its result.
  promise.catch(() => {})
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
