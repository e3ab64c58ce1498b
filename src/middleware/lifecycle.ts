import type { MiddlewareHandler } from 'hono'
import { toApiError } from '../errors.ts'
import type { GatewayEnvironment, RequestLifecycle } from './environment.ts'

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
