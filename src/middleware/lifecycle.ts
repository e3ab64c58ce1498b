import type { MiddlewareHandler } from 'hono'
import { toApiError } from '../errors.ts'
import type { GatewayEnvironment } from './environment.ts'

/** The life of one request, from its arrival until its last byte is written or given up. */
export interface RequestLifecycle {
  /**
   * Calls `callback` once when the request is over, whatever happened: answered, failed, or the
   * client disconnected. Every resource of a request is released here.
   */
  onEnd(callback: () => void): void
  /**
   * Keeps the request alive after its handler has returned, for an answer that is streamed. Whoever
   * calls this must call the returned function when the stream is over.
   */
  extend(): () => void
}

/** A lifecycle and the end of its handler. */
interface RunningLifecycle extends RequestLifecycle {
  /** Ends the request unless it was extended. */
  endHandler(): void
}

/** Creates the lifecycle of a request. A callback that is registered after the end runs at once. */
export function createLifecycle(): RunningLifecycle {
  const callbacks: (() => void)[] = []
  let isExtended = false
  let isOver = false
  const end = () => {
    if (isOver) return
    isOver = true
    // The first resource acquired is the last one released.
    for (const callback of callbacks.reverse()) callback()
  }
  return {
    onEnd(callback) {
      if (isOver) callback()
      else callbacks.push(callback)
    },
    extend() {
      isExtended = true
      return end
    },
    endHandler() {
      if (!isExtended) end()
    },
  }
}

/** The outermost middleware: ends the request in `finally`, on every path and method. */
export function requestLifecycle(): MiddlewareHandler<GatewayEnvironment> {
  return async function requestLifecycle(c, next) {
    const lifecycle = createLifecycle()
    c.set('lifecycle', lifecycle)
    lifecycle.onEnd(() => c.env?.onEnd?.())
    try {
      await next()
    } finally {
      lifecycle.endHandler()
    }
  }
}

/**
 * The innermost middleware: turns anything thrown into an ApiError. Hono hands only instances of
 * `Error` to `onError`, and what a runtime aborts a request with may be a string.
 */
export function convertThrown(): MiddlewareHandler<GatewayEnvironment> {
  return async function convertThrown(_c, next) {
    try {
      await next()
    } catch (thrown) {
      throw toApiError(thrown)
    }
  }
}
