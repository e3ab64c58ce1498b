/**
 * Resolves as `promise` does, or rejects with the signal's reason as soon as it is aborted. For work
 * that several requests share and that one of them must not end, such as the renewal of a token.
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
    // After an abort the shared work may still fail, which is no error of this request.
    promise.catch(() => {})
  }
}
