/** Whether work must stop, and why. An `AbortSignal` of the runtime is one. */
export interface AbortState {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Stops work. An `AbortController` of the runtime is one. */
export interface AbortHandle {
  readonly signal: AbortState
  abort(reason?: unknown): void
}

/**
 * An `AbortController` without an object of the runtime, for the signal of a whole request: creating
 * and observing a native one takes 3 us on workerd. `fetch` needs a native one (`childController()`).
 */
export class AbortSource implements AbortHandle, AbortState {
  aborted = false
  reason: unknown
  #listeners: Set<() => void> | undefined

  get signal(): AbortState {
    return this
  }

  /** Calls the listeners, each once. Further calls have no effect. */
  abort(reason: unknown = new DOMException('The operation was aborted', 'AbortError')): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners ?? []) listener()
    this.#listeners = undefined
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.aborted) (this.#listeners ??= new Set()).add(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners?.delete(listener)
  }
}
