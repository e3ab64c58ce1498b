import type { Context, MiddlewareHandler } from 'hono'
import { toApiError } from '../errors.ts'
import { RequestTimers } from '../request-timers.ts'
import type { GatewayEnvironment, RequestLifecycle } from './environment.ts'

/** A lifecycle, for the middleware that runs the handler. */
interface RunningLifecycle extends RequestLifecycle {
  /** Ends the request unless it was extended. */
  endHandler(): void
}

/** Creates the lifecycle of a request. A callback that is added after the end runs immediately. */
export function createLifecycle(): RunningLifecycle {
  const timers = new RequestTimers()
  const callbacks: (() => void)[] = []
  let isExtended = false
  let hasEnded = false
  const end = () => {
    if (hasEnded) return
    hasEnded = true
    // The resource acquired first is released last.
    for (const callback of callbacks.reverse()) callback()
    timers.close()
  }
  return {
    timers,
    onEnd(callback) {
      if (hasEnded) callback()
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

/** The outermost middleware: ends the lifecycle in `finally`, for every path and method. */
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

/** Throws for a request that is not handled. */
export type Check = (c: Context<GatewayEnvironment>) => void

/**
 * Runs the checks of every request and its handler, and converts any thrown value to an ApiError. Hono
 * passes only instances of `Error` to `onError`, and a runtime may abort a request with a string.
 */
export function convertThrown(...checks: readonly Check[]): MiddlewareHandler<GatewayEnvironment> {
  return async function convertThrown(c, next) {
    try {
      for (const check of checks) check(c)
      await next()
    } catch (thrown) {
      throw toApiError(thrown)
    }
  }
}
