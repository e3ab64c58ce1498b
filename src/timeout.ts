/** Resolves with the promise's value, or with `undefined` after `ms`. Ignores a later rejection. */
export function withTimeout<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms)
    promise.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}

/** Lets the process end although a timer is set, on runtimes whose timers keep it running. */
export function unrefTimer(timer: unknown): void {
  // Node and Bun return an object, other runtimes a number.
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) {
    ;(timer as { unref(): void }).unref()
  }
}
