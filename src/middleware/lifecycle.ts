import type { Context, ErrorHandler, MiddlewareHandler } from 'hono'
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

/**
 * A part of every request: runs before the handler, and returns what runs when there is a response, if
 * anything. It must not throw.
 */
export type Around = (c: Context<GatewayEnvironment>) => (() => void) | void

/** Throws for a request that is not handled. */
export type Check = (c: Context<GatewayEnvironment>) => void

export interface RequestParts {
  /** The first one is outermost. */
  around: readonly Around[]
  /** Run before the handler. */
  checks?: readonly Check[]
  /** Renders an error, as the app's `onError` does. */
  renderError: ErrorHandler<GatewayEnvironment>
}

/**
 * The outermost middleware. Ends the lifecycle in `finally`, for every path and method, and renders any
 * thrown value: Hono passes only instances of `Error` to `onError`, and a runtime may abort a request
 * with a string. It is one middleware, because each costs three promises and their turns.
 */
export function requestLifecycle(
  { around, checks = [], renderError }: RequestParts,
): MiddlewareHandler<GatewayEnvironment> {
  return async function requestLifecycle(c, next) {
    const lifecycle = createLifecycle()
    c.set('lifecycle', lifecycle)
    lifecycle.onEnd(() => c.env?.onEnd?.())
    try {
      const ends = around.map((part) => part(c))
      try {
        for (const check of checks) check(c)
        await next()
      } catch (thrown) {
        c.res = await renderError(toApiError(thrown), c)
      }
      for (const end of ends.reverse()) end?.()
    } finally {
      lifecycle.endHandler()
    }
  }
}
